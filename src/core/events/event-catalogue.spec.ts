import { describe, expect, it } from 'vitest';
import { createEventCatalogue } from './event-catalogue.js';
import type { EventDefinition } from './event-definition.js';
import { CAEP, RISC, SSF } from './event-uris.js';

const badge: EventDefinition = {
  uri: 'https://acme.test/events/badge-lost',
  family: 'custom',
  name: 'badge-lost',
  title: 'Badge lost',
  specification: 'Acme handbook',
  schema: {
    $id: 'https://acme.test/schemas/badge',
    type: 'object',
    properties: { places: { type: 'array', items: { type: 'string' } } },
    required: ['places'],
  },
  example: { places: ['lobby'] },
};
const email = { format: 'email', email: 'ana@acme.test' };

describe('the built-in event types', () => {
  const catalogue = createEventCatalogue();

  it.each(catalogue.list().map((definition) => [definition.name, definition] as const))(
    '%s has an example that its own schemas take',
    (_name, definition) => {
      const [format = 'email'] = definition.subjectFormats ?? [];
      const subId = format === 'opaque' ? { format, id: 'st_1' } : email;
      const level = definition.interopSchema ? 'iop' : 'spec';

      expect(catalogue.validateEvent(definition.uri, definition.example, subId, level)).toEqual([]);
    },
  );

  it('are the eight of CAEP, the fourteen of RISC and the two of SSF', () => {
    const uris = catalogue.list().map(({ uri }) => uri);

    expect(uris).toEqual([...Object.values(CAEP), ...Object.values(RISC), ...Object.values(SSF)]);
    expect(catalogue.list().every(({ uri, name }) => uri.endsWith(`/event-type/${name}`))).toBe(true);
  });

  it('are offered without those of SSF and the deprecated one', () => {
    const offered = catalogue.offered();

    expect(offered).toHaveLength(21);
    expect(offered).not.toContain(SSF.verification);
    expect(offered).not.toContain(RISC.sessionsRevoked);
  });
});

describe('validatePayload', () => {
  const catalogue = createEventCatalogue();

  it('names each member that is wrong by its path', () => {
    const payload = { change_type: 'changed', reason_admin: { 'en-GB': 7 }, friendly_name: null };

    const problems = catalogue.validatePayload(CAEP.credentialChange, payload, 'details.payload');

    expect(problems.map(({ member }) => member).sort()).toEqual([
      'details.payload.change_type',
      'details.payload.credential_type',
      'details.payload.friendly_name',
      'details.payload.reason_admin.en-GB',
    ]);
  });

  it('lists the values of a closed choice', () => {
    const problems = catalogue.validatePayload(RISC.accountDisabled, { reason: 'fraud' });

    expect(problems).toEqual([
      { member: 'payload.reason', message: 'must be one of hijacking, bulk-account' },
    ]);
  });

  it('refuses a reason whose name is not a language tag', () => {
    const problems = catalogue.validatePayload(CAEP.sessionRevoked, { reason_user: { 'not a tag': 'x' } });

    expect(problems.map(({ member }) => member)).toContain('payload.reason_user.not a tag');
  });

  it('reports an event type that it does not know', () => {
    const [problem] = catalogue.validatePayload('urn:acme:unknown', {});

    expect(problem?.message).toContain('urn:acme:unknown');
  });
});

describe('validateEvent', () => {
  it('asks identifier events for an e-mail address or a phone number', () => {
    const problems = createEventCatalogue().validateEvent(
      RISC.identifierChanged,
      {},
      { format: 'opaque', id: 'u' },
    );

    expect(problems).toEqual([
      { member: 'sub_id.format', message: 'must be email or phone_number for identifier-changed' },
    ]);
  });

  it('reports an event type that it does not know', () => {
    expect(createEventCatalogue().validateEvent('urn:acme:unknown', {}, email)).toHaveLength(1);
  });
});

describe('custom event types', () => {
  it('are known, offered and validated like the built-in ones', () => {
    const catalogue = createEventCatalogue([badge]);

    expect(catalogue.get(badge.uri)).toBe(badge);
    expect(catalogue.offered()).toContain(badge.uri);
    expect(catalogue.validateEvent(badge.uri, { places: ['lobby', 7] }, email)).toEqual([
      { member: 'payload.places[1]', message: 'must be string' },
    ]);
  });

  it('can be in several catalogues, although their schemas have an $id', () => {
    createEventCatalogue([badge]);

    expect(() => createEventCatalogue([{ ...badge, schema: { ...badge.schema } }])).not.toThrow();
  });

  it('must not take the place of a built-in one', () => {
    expect(() => createEventCatalogue([{ ...badge, uri: CAEP.sessionRevoked }])).toThrow(
      /uri: .* exists already/,
    );
  });

  it('need a schema that compiles', () => {
    const broken = { ...badge, schema: { type: 'object', requird: [] } as const };

    expect(() => createEventCatalogue([broken])).toThrow(/schema: is not a JSON Schema .*requird/);
  });
});
