import { describe, expect, it } from 'vitest';
import { createEventCatalogue } from '../events/event-catalogue.js';
import { RISC } from '../events/event-uris.js';
import { validateSetEnvelope } from './validate-set.js';

const stream = { iss: 'https://idp.acme.test', aud: ['https://rx.acme.test', 'https://rx.acme.test/m'] };
const header = { typ: 'secevent+jwt', alg: 'ES256', kid: 'k1' };
const claims = {
  iss: 'https://idp.acme.test',
  jti: '01JGQ8Z7',
  iat: 1767225600,
  aud: 'https://rx.acme.test',
  sub_id: { format: 'opaque', id: 'u-31' },
  events: { [RISC.accountEnabled]: {} },
};

describe('validateSetEnvelope', () => {
  it.each([
    [{ typ: 'application/secevent+jwt' }, 'typ'],
    [{ typ: 'JWT' }, 'typ'],
    [{ alg: 'none' }, 'alg'],
    [{ alg: undefined }, 'alg'],
    [{ kid: '' }, 'kid'],
  ])('refuses the header %j', (changed, member) => {
    const problems = validateSetEnvelope({ ...header, ...changed }, claims, stream);

    expect(problems.map((problem) => problem.member)).toEqual([member]);
  });

  it.each([
    [{ jti: '' }, 'jti'],
    [{ iat: 1767225600.5 }, 'iat'],
    [{ iat: '1767225600' }, 'iat'],
    [{ txn: 117 }, 'txn'],
    [{ toe: '2026' }, 'toe'],
    [{ aud: undefined }, 'aud'],
    [{ aud: ['https://rx.acme.test', 'https://other.test'] }, 'aud'],
    [{ sub: 'u-31' }, 'sub'],
    [{ exp: 1767225600 }, 'exp'],
    [{ sub_id: undefined }, 'sub_id'],
    [{ sub_id: { format: 'email', email: 'ana' } }, 'sub_id.email'],
    [{ events: [] }, 'events'],
    [{ events: { [RISC.accountEnabled]: null } }, `events.${RISC.accountEnabled}`],
    [{ events: { [RISC.accountDisabled]: { reason: 7 } } }, 'payload.reason'],
    [{ events: { [RISC.identifierRecycled]: {} } }, 'sub_id.format'],
    [{ events: { 'urn:acme:unknown': {} } }, 'eventType'],
  ])('refuses the claims %j', (changed, member) => {
    const problems = validateSetEnvelope(header, { ...claims, ...changed }, stream, createEventCatalogue());

    expect(problems.map((problem) => problem.member)).toEqual([member]);
  });

  it('refuses what is not an object', () => {
    const problems = validateSetEnvelope('header', null, stream);

    expect(problems.map((problem) => problem.member)).toEqual(['header', 'claims']);
  });

  it('takes any event without a catalogue', () => {
    const problems = validateSetEnvelope(header, { ...claims, events: { 'urn:acme:unknown': {} } }, stream);

    expect(problems).toEqual([]);
  });
});
