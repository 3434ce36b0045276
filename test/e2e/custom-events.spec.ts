import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../support/api-types.js';
import { expectStatus } from '../support/http.js';
import { connect, createProvider } from '../support/scenario.js';
import { startReplica, startTransmitter, type Transmitter } from '../support/transmitter.js';

const BADGE_LOST = 'https://acme.test/events/badge-lost';
const LOCKED = 'urn:acme:event:locked';
const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';
const eventTypes = [
  {
    uri: BADGE_LOST,
    schema: {
      type: 'object',
      properties: { place: { type: 'string', minLength: 1 } },
      required: ['place'],
      additionalProperties: false,
    },
  },
  { uri: LOCKED, schema: { type: 'object', properties: { reason: { type: 'string' } } } },
];

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter({ eventTypes });
});

afterAll(() => transmitter.stop());

describe('an event type of the deployment', () => {
  it('is supported, asked for and delivered as others are', async () => {
    const { stream, signal, receiver } = await connect(transmitter, {
      application: { allowedEvents: [BADGE_LOST, SESSION_REVOKED] },
      stream: { events_requested: [BADGE_LOST, LOCKED] },
    });
    const details = { eventType: BADGE_LOST, payload: { place: 'lobby' } };

    await transmitter.admin.record(signal({ type: 'event', details }));

    expect(stream.events_supported).toEqual(expect.arrayContaining([BADGE_LOST, SESSION_REVOKED]));
    expect(stream.events_delivered).toEqual([BADGE_LOST]);
    expect((await receiver.next()).claims.events).toEqual({ [BADGE_LOST]: { place: 'lobby' } });
  });

  it('is allowed to all who are not limited', async () => {
    const { stream } = await connect(transmitter);

    expect(stream.events_supported).toEqual(expect.arrayContaining([BADGE_LOST, LOCKED]));
    expect(stream.events_delivered).toEqual(expect.arrayContaining([BADGE_LOST, LOCKED]));
  });

  it('is what other signals can become, with the claims that it describes', async () => {
    const { signal, receiver } = await connect(transmitter, {
      provider: { eventMapping: { 'account.disabled': [{ event: 'locked' }] } },
    });

    await transmitter.admin.record(signal({ type: 'account.disabled', details: { reason: 'hijacking' } }));

    expect((await receiver.next()).claims.events).toEqual({ [LOCKED]: { reason: 'hijacking' } });
  });

  it.each<[object, string]>([
    [{ eventType: BADGE_LOST }, 'details.payload.place'],
    [{ eventType: BADGE_LOST, payload: { place: 'lobby', floor: 1 } }, 'details.payload.floor'],
    [{ eventType: 'https://acme.test/events/other', payload: {} }, 'details.eventType'],
  ])('is checked by its schema: %j', async (details, member) => {
    const provider = await createProvider(transmitter);

    const answer = await transmitter.admin.call('/signals', {
      body: { provider: provider.slug, type: 'event', subject: { user: { id: 'u' } }, details },
    });

    expect(
      expectStatus(answer, 400)
        .json<Problem>()
        .errors?.map((error) => error.member),
    ).toEqual([member]);
  });

  it('has no subject within it for receivers from before 1.0', async () => {
    const { signal, receiver } = await connect(transmitter, { application: { legacyProfile: true } });

    await transmitter.admin.record(
      signal({ type: 'event', details: { eventType: BADGE_LOST, payload: { place: 'lobby' } } }),
    );

    expect((await receiver.next()).claims.events).toEqual({ [BADGE_LOST]: { place: 'lobby' } });
  });
});

describe('a deployment', () => {
  it('that does not have it any more goes on with what is left', async () => {
    const provider = await createProvider(transmitter, {
      eventMapping: { logout: [{ event: 'locked' }, { event: 'session-revoked' }] },
    });
    const later = await startReplica(transmitter, { eventTypes: [], delivery: false });
    try {
      const body = { provider: provider.slug, type: 'logout', subject: { user: { id: 'u' } } };
      await connect(transmitter, { to: provider });
      const answer = await later.admin.call('/signals/preview', { body });

      expect(expectStatus(answer, 200).json<{ outcomes: object[] }>().outcomes).toMatchObject([
        { eventType: SESSION_REVOKED },
      ]);
      expect(later.logLines.join('\n')).toContain('mapping.unusable');
    } finally {
      await later.stop();
    }
  });

  it('does not start with one that is wrong', async () => {
    const wrong = [...eventTypes, { uri: 'urn:acme:broken', schema: { type: 'object', properties: 7 } }];

    await expect(startReplica(transmitter, { eventTypes: wrong })).rejects.toThrow(
      /eventTypes \[2\]\.schema: is not a JSON Schema/,
    );
  });
});
