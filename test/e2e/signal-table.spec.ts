import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SIGNAL_TYPES } from '../../src/core/events/signal-types.js';
import type { Metadata, Problem, Provider, Signal } from '../support/api-types.js';
import { plainGoldenSignals } from '../support/golden-sets.js';
import { type Connection, connect, createProvider } from '../support/scenario.js';
import { decodeSet, type KeySet } from '../support/set-decoder.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

const FORMATS = ['iss_sub', 'email', 'complex'] as const;
type Format = (typeof FORMATS)[number];

let transmitter: Transmitter;
let provider: Provider;

beforeAll(async () => {
  transmitter = await startTransmitter();
  provider = await createProvider(transmitter);
});

afterAll(() => transmitter.stop());

/** Each signal is about a user of its own, so that who has opted out keeps nobody else back. */
function subjectOf(index: number): Signal['subject'] {
  return {
    user: { id: `u-${index}`, email: `u${index}@acme.test` },
    session: { id: `s-${index}` },
    device: { id: `d-${index}` },
    tenant: { id: 't-1' },
  };
}

function subIdOf(format: Format, index: number, type: string): object {
  const opaque = (id: string): object => ({ format: 'opaque', id });
  const user = { format: 'iss_sub', iss: provider.issuer, sub: `u-${index}` };
  // RISC 1.0 sections 2.5 and 2.6
  if (format === 'email' || type.startsWith('identifier.'))
    return { format: 'email', email: `u${index}@acme.test` };
  return format === 'iss_sub'
    ? user
    : {
        format: 'complex',
        user,
        session: opaque(`s-${index}`),
        device: opaque(`d-${index}`),
        tenant: opaque('t-1'),
      };
}

async function keySet(): Promise<KeySet> {
  const metadata = (await (await fetch(provider.configurationUrl)).json()) as Metadata;
  return (await (await fetch(metadata.jwks_uri)).json()) as KeySet;
}

describe('one array with a signal of each type', () => {
  it('arrives in three subject formats, claim by claim (SSF 1.0 section 4)', async () => {
    const connections = new Map<Format, Connection>();
    for (const subjectFormat of FORMATS)
      connections.set(
        subjectFormat,
        await connect(transmitter, { to: provider, application: { subjectFormat } }),
      );
    const body = plainGoldenSignals.map(({ signal: { txn: _, ...signal } }, index) => ({
      ...signal,
      provider: provider.slug,
      subject: subjectOf(index),
    }));
    const startedAt = Math.floor(Date.now() / 1000);

    const signalIds = (await transmitter.admin.recordAll(body)).map(({ id }) => id);
    const keys = await keySet();

    const jtis = new Set<unknown>();
    for (const [format, { receiver, application, stream }] of connections) {
      const received = (await receiver.atLeast(body.length)).map(({ token }) => decodeSet(token, keys));
      const now = Date.now() / 1000;
      expect(received).toHaveLength(body.length);
      for (const [index, { signal, claims }] of plainGoldenSignals.entries()) {
        const what = `${signal.type} as ${format}`;
        const set = received.find((each) => each.claims.txn === signalIds[index]);
        const kid = keys.keys[0]?.kid;
        expect(set?.header, what).toStrictEqual({ typ: 'secevent+jwt', alg: 'ES256', kid });
        expect(set?.claims, what).toStrictEqual({
          iss: provider.issuer,
          aud: application.audience[0],
          iat: set?.claims.iat,
          jti: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as unknown,
          txn: signalIds[index],
          sub_id: subIdOf(format, index, signal.type),
          events: claims.events,
        });
        expect(Object.keys(claims.events), what).toHaveLength(1);
        expect(Number.isInteger(set?.claims.iat), what).toBe(true);
        expect(set?.claims.iat, what).toBeGreaterThanOrEqual(startedAt);
        expect(set?.claims.iat, what).toBeLessThanOrEqual(now);
        const { outcomes } = await transmitter.admin.fannedOut(signalIds[index] ?? '');
        expect(outcomes).toContainEqual({ streamId: stream.stream_id, jti: set?.claims.jti });
        jtis.add(set?.claims.jti);
      }
    }
    expect(jtis.size).toBe(FORMATS.length * body.length);
  });
});

describe('an array is refused for one signal of its own', () => {
  function count(): Promise<unknown> {
    return transmitter.database.query('select count(*) from ssf.signal');
  }

  it.each(plainGoldenSignals.map(({ signal }) => [signal.type, signal] as const))(
    'of the type %s, whichever detail is wrong',
    async (type, golden) => {
      const { details = {}, ...signal } = { ...golden, provider: provider.slug };
      const { properties = {}, required = [] } = SIGNAL_TYPES[type].detailsSchema;
      const wrong: [string, object][] = [
        // no detail is a number
        ...Object.keys(properties).map((name): [string, object] => [name, { ...details, [name]: 7 }]),
        ...required.map((name): [string, object] => [name, { ...details, [name]: undefined }]),
        ['colour', { ...details, colour: 'red' }],
      ];
      const before = await count();

      for (const [name, others] of wrong) {
        const body = [
          { ...signal, details },
          { ...signal, details: others },
          { ...signal, details },
        ];
        const answer = await transmitter.admin.call('/signals', { body });

        expect(answer.status).toBe(400);
        const members = answer.json<Problem>().errors?.map(({ member }) => member);
        expect([...new Set(members)]).toEqual([`[1].details.${name}`]);
      }
      expect(await count()).toEqual(before);
    },
  );
});
