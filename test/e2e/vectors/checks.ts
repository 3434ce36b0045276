import { decodeJwt } from 'jose';
import { expect } from 'vitest';
import type { StreamConfiguration } from '../../support/api-types.js';
import { expectStatus } from '../../support/http.js';
import { POLL } from '../../support/receiver-client.js';
import type { HttpVector } from './http-vectors.js';
import { CREDENTIAL_CHANGE, SESSION_REVOKED } from './situation.js';
import type { Exchange } from './send-vector.js';

type Check = (exchange: Exchange) => void | Promise<void>;

const VERIFICATION = 'https://schemas.openid.net/secevent/ssf/event-type/verification';

/** The server's own limit of a long poll, with room for a busy machine above. */
export const LONG_POLL_SECONDS = 4;
const LONG_POLL_MS = { least: LONG_POLL_SECONDS * 1000 - 500, most: LONG_POLL_SECONDS * 1000 + 6_000 };

/** Each check text of the vectors as code. */
const CHECKS: Readonly<Record<string, Check>> = {
  // ------------------------------------------------------------------------------------ stream configurations
  'stream_id unreserved chars': (exchange) => {
    expect(streamOf(exchange).stream_id).toMatch(/^[A-Za-z0-9\-._~]+$/);
  },
  'iss==issuer': (exchange) => {
    expect(streamOf(exchange).iss).toBe(exchange.situation.party.metadata.issuer);
  },
  'aud present': (exchange) => {
    const { aud } = streamOf(exchange);
    expect([aud].flat()).toEqual(exchange.situation.party.application.audience);
  },
  'delivery echoed': (exchange) => {
    const { delivery } = exchange.body as { delivery: object };
    expect(streamOf(exchange).delivery).toEqual(delivery);
  },
  'events_delivered==[SR,CC] as set': delivers(SESSION_REVOKED, CREDENTIAL_CHANGE),
  'events_delivered==[CC]': delivers(CREDENTIAL_CHANGE),
  'events_delivered==[]': delivers(),
  'delivery.method==poll': (exchange) => {
    expect(streamOf(exchange).delivery.method).toBe(POLL);
  },
  'delivery.endpoint_url https': (exchange) => {
    expect(new URL(streamOf(exchange).delivery.endpoint_url).protocol).toBe('https:');
  },
  'push uses exact Authorization': async (exchange) => {
    const { delivery } = exchange.body as { delivery: { authorization_header: string } };
    await exchange.situation.verify(streamOf(exchange).stream_id);
    const { headers } = await exchange.situation.party.receiver.next();
    expect(headers.authorization).toBe(delivery.authorization_header);
    // a credential of the receiver's is never given back
    expect(exchange.answer.text).not.toContain(delivery.authorization_header);
  },
  'stream unchanged': async ({ situation }) => {
    expect(await situation.readStream()).toEqual(situation.stream);
  },
  'all replaced': async (exchange) => {
    const { situation, body } = exchange;
    const stream = { ...situation.stream, ...(body as object), events_delivered: [SESSION_REVOKED] };
    expect(streamOf(exchange)).toEqual(stream);
    expect(await situation.readStream()).toEqual(stream);
  },
  object: (exchange) => {
    expect(streamOf(exchange)).toEqual(exchange.situation.stream);
  },
  'array length 1': ({ answer, situation }) => {
    expect(answer.json()).toEqual([situation.stream]);
  },
  'body==[]': ({ answer }) => {
    expect(answer.json()).toEqual([]);
  },
  'gone from list': async ({ situation }) => {
    expect(await situation.readStreams()).toEqual([]);
  },

  // ----------------------------------------------------------------------------------------- answers of any kind
  'empty body': ({ answer }) => {
    expect(answer.text).toBe('');
  },
  'Cache-Control no-store': ({ answer }) => {
    expect(answer.headers.get('cache-control')).toBe('no-store');
  },
  'WWW-Authenticate Bearer without error': ({ answer }) => {
    expect(challengeOf(answer)).toMatch(/^Bearer\b/);
    expect(challengeOf(answer)).not.toContain('error');
  },
  'WWW-Authenticate error=invalid_token': ({ answer }) => {
    expect(challengeOf(answer)).toMatch(/^Bearer .*error="invalid_token"/);
  },
  'error=insufficient_scope': ({ answer }) => {
    expect(challengeOf(answer)).toMatch(/^Bearer .*error="insufficient_scope"/);
    expect(challengeOf(answer)).toContain('scope="ssf.manage"');
  },
  'Retry-After': ({ answer, situation }) => {
    const seconds = answer.headers.get('retry-after') ?? '';
    expect(seconds).toMatch(/^[1-9]\d*$/);
    expect(Number(seconds)).toBeLessThanOrEqual(situation.stream.min_verification_interval);
  },

  // --------------------------------------------------------------------------------------- status, verification
  stream_id: ({ answer, situation }) => {
    expect(answer.json()).toMatchObject({ stream_id: situation.stream.stream_id });
  },
  'status==enabled': has({ status: 'enabled' }),
  'status==paused': has({ status: 'paused' }),
  'reason==ops': has({ reason: 'ops' }),
  'verification still delivered': async ({ situation }) => {
    await situation.verify(situation.stream.stream_id);
    expect((await situation.party.receiver.next()).eventType).toBe(VERIFICATION);
  },
  'event with state abc, sub_id opaque $own': async ({ situation }) => {
    const { claims } = await situation.party.receiver.next();
    expect(claims.events).toEqual({ [VERIFICATION]: { state: 'abc' } });
    expect(claims.sub_id).toEqual({ format: 'opaque', id: situation.stream.stream_id });
  },

  // ------------------------------------------------------------------------------------------------------- poll
  'sets is object of strings': (exchange) => {
    const sets = setsOf(exchange);
    expect(Object.keys(sets)).not.toEqual([]);
    expect(Object.values(sets).every((set) => typeof set === 'string')).toBe(true);
  },
  'keys==jti': (exchange) => {
    const sets = setsOf(exchange);
    expect(Object.values(sets).map((set) => decodeJwt(set).jti)).toEqual(Object.keys(sets));
    expect(Object.keys(sets).sort()).toEqual([...exchange.situation.jtis].sort());
  },
  'sets=={}': (exchange) => {
    expect(setsOf(exchange)).toEqual({});
  },
  'waits until timeout': ({ elapsedMs }) => {
    expect(elapsedMs).toBeGreaterThan(LONG_POLL_MS.least);
    expect(elapsedMs).toBeLessThan(LONG_POLL_MS.most);
  },
  'returns early with the new SET': (exchange) => {
    expect(Object.keys(setsOf(exchange))).toEqual(exchange.situation.jtis);
    expect(exchange.situation.jtis).toHaveLength(1);
    expect(exchange.elapsedMs).toBeGreaterThan(900);
    expect(exchange.elapsedMs).toBeLessThan(LONG_POLL_MS.least / 2);
  },
  'jti1 never returned again': neverAgain,
  'jti1 not redelivered': neverAgain,
  'jti1 not in sets': (exchange) => {
    expect(setsOf(exchange)).not.toHaveProperty(jti(exchange, 1));
  },
  'jti2 in sets': (exchange) => {
    expect(setsOf(exchange)).toHaveProperty(jti(exchange, 2));
  },
  'error recorded': async (exchange) => {
    const set = await exchange.situation.site.transmitter.admin.set(jti(exchange, 1));
    expect(set).toMatchObject({
      status: 'rejected',
      reason: 'invalid_audience',
      attempts: [{ err: 'invalid_audience', description: 'no' }],
    });
  },
  'jti1 returned again unchanged': (exchange) => {
    const [before, after] = [exchange.situation.polled, setsOf(exchange)];
    const name = jti(exchange, 1);
    expect(before).toHaveProperty(name);
    // the claims byte for byte; a signature may have a random part
    expect(after[name]?.split('.')[1]).toBe(before[name]?.split('.')[1]);
  },
};

/** What a vector says beside its checks, so that it does not hold for another reason than it means. */
const ALSO: Readonly<Record<string, Check>> = {
  'ST-create-10': names('https'),
  'ST-create-13': names('delivery.method'),
  'ST-patch-05': names('aud'),
  'ST-patch-07': names('events_delivered'),
  'ST-put-05': names('events_supported'),
  'SS-get-03': names('stream_id'),
  'SB-add-05': names('subject'),
  'SB-rem-05': names('stream_id'),
  'VE-04': names('stream_id'),
  'VE-05': names('state'),
  'PO-12': names('maxEvents'),
  'PO-13': names('maxEvents'),
  'PO-16': names('returnImmediately'),
  'SB-add-01': lists({ verified: true }),
  'SB-add-03': lists({ verified: false }),
  'VE-08': async ({ situation }) => {
    const { admin } = situation.site.transmitter;
    const sets = await admin.sets({ streamId: situation.stream.stream_id });
    expect(sets).toMatchObject([{ status: 'dropped', reason: 'status_disabled' }]);
  },
  'PO-11': async ({ situation }) => {
    const { admin } = situation.site.transmitter;
    const sets = await Promise.all(situation.jtis.map((name) => admin.set(name)));
    expect(sets.map(({ status }) => status)).toEqual(['held', 'held']);
  },
};

/** Asserts the status and every check of the vector; an unknown check text is an error. */
export async function expectOutcome(exchange: Exchange): Promise<void> {
  const { vector, answer } = exchange;
  expectStatus(answer, vector.expect.status);
  if (answer.status >= 400) expectError(exchange);
  for (const check of checksOf(vector)) await check(exchange);
}

function checksOf({ id, expect: { checks } }: HttpVector): Check[] {
  const asserted = checks.map((text) => {
    const check = Object.hasOwn(CHECKS, text) ? CHECKS[text] : undefined;
    if (!check) throw new Error(`nobody knows the check "${text}"`);
    return check;
  });
  const also = ALSO[id];
  return also ? [...asserted, also] : asserted;
}

/** The form of every error of the receiver API. */
function expectError({ answer }: Exchange): void {
  expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/);
  expect(answer.json()).toEqual({
    err: expect.any(String) as string,
    description: expect.any(String) as string,
  });
  if (answer.status === 401) expect(challengeOf(answer)).toMatch(/^Bearer\b/);
}

function delivers(...events: string[]): Check {
  return (exchange) => {
    expect([...streamOf(exchange).events_delivered].sort()).toEqual([...events].sort());
  };
}

function has(members: object): Check {
  return ({ answer }) => {
    expect(answer.json()).toMatchObject(members);
  };
}

function names(member: string): Check {
  return ({ answer }) => {
    expect(answer.json<{ description: string }>().description).toContain(member);
  };
}

/** The subject that was sent is the only one that was added. */
function lists(members: object): Check {
  return async ({ situation, body }) => {
    const { admin } = situation.site.transmitter;
    const { subject } = body as { subject: object };
    const listed = await admin.subjects(situation.stream.stream_id);
    expect(listed).toMatchObject([{ kind: 'added', subject, ...members }]);
  };
}

async function neverAgain(exchange: Exchange): Promise<void> {
  const name = jti(exchange, 1);
  expect(exchange.situation.polled).toHaveProperty(name);
  await exchange.situation.endVisibilityPeriod();
  expect(await exchange.situation.poll()).not.toHaveProperty(name);
}

function streamOf({ answer }: Exchange): StreamConfiguration {
  return answer.json<StreamConfiguration>();
}

function setsOf({ answer }: Exchange): Record<string, string> {
  return answer.json<{ sets: Record<string, string> }>().sets;
}

function challengeOf(answer: Exchange['answer']): string {
  return answer.headers.get('www-authenticate') ?? '';
}

/** `$jti1`, `$jti2` */
function jti({ situation }: Exchange, number: number): string {
  const found = situation.jtis[number - 1];
  if (found === undefined) throw new Error(`there is no SET ${number} in this situation`);
  return found;
}
