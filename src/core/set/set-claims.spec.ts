import { describe, expect, it } from 'vitest';
import { createEventCatalogue } from '../events/event-catalogue.js';
import { CAEP } from '../events/event-uris.js';
import { setClaimsJson, type SetClaims } from './set-claims.js';
import { validateSetEnvelope } from './validate-set.js';

const head = {
  issuer: 'https://idp.acme.test',
  jti: '01JGQ8Z7',
  issuedAt: new Date('2026-01-01T00:00:00.999Z'),
  audience: ['https://rx.acme.test'],
  txn: 'op-117',
};
const event = {
  subId: { format: 'email', email: 'ana@acme.test' },
  eventType: CAEP.sessionRevoked,
  payload: { event_timestamp: 1767225590 },
};

describe('setClaimsJson', () => {
  it('writes the claims in a fixed order, with the time in whole seconds', () => {
    expect(setClaimsJson(head, event)).toBe(
      '{"iss":"https://idp.acme.test","jti":"01JGQ8Z7","iat":1767225600,"aud":["https://rx.acme.test"],' +
        '"txn":"op-117","sub_id":{"format":"email","email":"ana@acme.test"},' +
        '"events":{"https://schemas.openid.net/secevent/caep/event-type/session-revoked":{"event_timestamp":1767225590}}}',
    );
  });

  it('leaves out an absent txn', () => {
    expect(JSON.parse(setClaimsJson({ ...head, txn: undefined }, event))).not.toHaveProperty('txn');
  });

  it('builds what the validation of SETs takes', () => {
    const problems = validateSetEnvelope(
      { typ: 'secevent+jwt', alg: 'RS256', kid: 'k1' },
      JSON.parse(setClaimsJson(head, event)) as SetClaims,
      { iss: head.issuer, aud: 'https://rx.acme.test' },
      createEventCatalogue(),
    );

    expect(problems).toEqual([]);
  });
});
