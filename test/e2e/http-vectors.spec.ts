import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Provider, StreamConfiguration } from '../support/api-types.js';
import { startExpressHost } from '../support/express-host.js';
import { startFastifyHost } from '../support/fastify-host.js';
import { expectStatus } from '../support/http.js';
import { POLL, type ReceiverClient } from '../support/receiver-client.js';
import { createProvider, createReceiverApi, sessionRevoked } from '../support/scenario.js';
import { startTransmitter, startTransmitterOn, type Transmitter } from '../support/transmitter.js';
import { expectOutcome, LONG_POLL_SECONDS } from './vectors/checks.js';
import { DECIDED, vectors, vectorsOf } from './vectors/http-vectors.js';
import { sendVector } from './vectors/send-vector.js';
import { POLL_NOW, prepareSituation, type Site } from './vectors/situation.js';

/** These speak of https, which a transmitter for development does not insist on. */
const PRODUCTION_VECTORS = ['ST-create-02', 'ST-create-10'];
/** One vector waits for the end of a long poll; the others run beside it. */
const TIMEOUT_MS = 60_000;

let development: Site;
let production: Site;

beforeAll(async () => {
  [development, production] = await Promise.all([startDevelopment(), startProduction()]);
});

afterAll(() => Promise.all([development, production].map(({ transmitter }) => transmitter.stop())));

async function startDevelopment(): Promise<Site> {
  const transmitter = await startTransmitter({ longPollSeconds: LONG_POLL_SECONDS });
  return { transmitter, publicOrigin: transmitter.baseUrl };
}

/** As behind a proxy that ends TLS, with no exception for push endpoints. */
async function startProduction(): Promise<Site> {
  const publicOrigin = 'https://idp.acme.test';
  const host = inject('host');
  const transmitter = await startTransmitterOn((settings) => {
    const ssf = { ...settings.ssf, publicUrl: publicOrigin, insecurePushTargets: undefined };
    return host === 'express'
      ? startExpressHost({ ...settings, ssf })
      : startFastifyHost({ ...settings, ssf }, host === 'silent');
  });
  return { transmitter, publicOrigin };
}

const covered = new Set<string>();

function itAnswers(...operations: string[]): void {
  for (const operation of operations) covered.add(operation);
  const cases = vectorsOf(...operations).map((vector) => [`${vector.id} ${vector.why}`, vector] as const);
  it.for(cases)('%s', { timeout: TIMEOUT_MS }, async ([, vector], { onTestFinished }) => {
    const site = PRODUCTION_VECTORS.includes(vector.id) ? production : development;
    const situation = await prepareSituation(site, vector);
    onTestFinished(() => situation.close());

    const exchange = await sendVector(vector, situation);

    await expectOutcome(exchange);
  });
}

// covers: SSF-H-01, SSF-H-02, SSF-H-03, SSF-H-04, SSF-H-10, SSF-H-12, SSF-H-13, SSF-H-14, SSF-H-16, SSF-H-17
// covers: SSF-H-19, SSF-H-20, SSF-H-22, SSF-B-73, SSF-C-12
describe.concurrent('polling', () => itAnswers('poll'));

// covers: SSF-B-01, SSF-B-02, SSF-B-03, SSF-B-06, SSF-B-07, SSF-B-13, SSF-B-14, SSF-B-15, SSF-B-16, SSF-B-17
// covers: SSF-B-20, SSF-B-21, SSF-B-22, SSF-B-25, SSF-B-26, SSF-B-30, SSF-B-31, SSF-B-32, SSF-B-35, SSF-B-58
// covers: SSF-J-04, SSF-J-11, SSF-J-12, SSF-J-13
describe.concurrent('creating a stream', () => itAnswers('create'));

// covers: SSF-B-20, SSF-B-21, SSF-B-24, SSF-B-40, SSF-B-41, SSF-B-42, SSF-J-06, SSF-J-11
describe.concurrent('reading streams', () => itAnswers('read'));

// covers: SSF-B-50, SSF-B-51, SSF-B-52, SSF-B-54, SSF-B-55, SSF-B-57, SSF-B-60, SSF-B-61
describe.concurrent('updating a stream', () => itAnswers('patch'));

// covers: SSF-B-50, SSF-B-51, SSF-B-53, SSF-B-54, SSF-B-60, SSF-B-61
describe.concurrent('replacing a stream', () => itAnswers('put'));

// covers: SSF-B-43, SSF-B-70, SSF-B-71
describe.concurrent('deleting a stream', () => itAnswers('delete'));

// covers: SSF-C-01, SSF-C-02, SSF-C-03, SSF-C-04, SSF-J-05, SSF-J-06
describe.concurrent('the status of a stream', () => itAnswers('status-get', 'status-set'));

// covers: SSF-D-01, SSF-D-02, SSF-D-03, SSF-D-04, SSF-D-07, SSF-D-08, SSF-D-10, SSF-E-11
describe.concurrent('adding and removing subjects', () => itAnswers('subject-add', 'subject-remove'));

// covers: SSF-E-01, SSF-E-02, SSF-E-03, SSF-E-05, SSF-E-06, SSF-E-07, SSF-E-10, SSF-I-23, SSF-J-06
describe.concurrent('asking for verification', () => itAnswers('verify'));

describe('the vectors', () => {
  it('are all run', () => {
    const left = vectors.http.filter(({ operation }) => !covered.has(operation));

    expect(left).toEqual([]);
  });

  it('whose level leaves a choice show what was decided', () => {
    const open = vectors.http.filter(({ level }) => level !== 'spec').map(({ id }) => id);

    expect(open.sort()).toEqual(Object.keys(DECIDED).sort());
  });
});

/** A stream that has only the subjects that were added. */
async function streamWithout({ transmitter }: Site): Promise<{
  provider: Provider;
  api: ReceiverClient;
  stream: StreamConfiguration;
  transmitter: Transmitter;
}> {
  const provider = await createProvider(transmitter, { defaultSubjects: 'NONE' });
  const { api } = await createReceiverApi(transmitter, provider);
  return { provider, api, stream: await api.createdStream({ delivery: { method: POLL } }), transmitter };
}

/** The subject of the SET that a signal about `subject` gives a stream with `added`, or why it gives none. */
async function subjectOfSet(added: object, subject: object): Promise<unknown> {
  const { provider, api, stream, transmitter } = await streamWithout(development);
  expectStatus(await api.addSubject({ stream_id: stream.stream_id, subject: added }), 200);
  const { outcomes } = await transmitter.admin.fannedOut(
    await transmitter.admin.record(sessionRevoked(provider, { subject: { ...subject } })),
  );
  const { sets } = (await api.poll(stream, POLL_NOW)).json<{ sets: Record<string, string> }>();
  const [set] = Object.values(sets);
  return set === undefined ? outcomes[0]?.reason : decodeJwt(set).sub_id;
}

// covers: SSF-D-09, SSF-D-11, SSF-D-12, SSF-D-13, SSF-I-21
describe.concurrent('an added subject against the subject of an event', () => {
  const cases = vectors.subject_matching.map((vector) => [`${vector.id} ${vector.name}`, vector] as const);
  it.for(cases)('%s', async ([, { added, event, match }]) => {
    expect(await subjectOfSet(added, { subId: event })).toEqual(match ? event : 'subject_not_in_stream');
  });
});

const EMAIL = { format: 'email', email: 'ana.ruiz@acme.test' };
const COMPLEX = { format: 'complex', user: EMAIL, session: { format: 'opaque', id: 's-77' } };

// The specification leaves these open. What MA-04 says of two formats holds when an event carries one identifier; a
// signal that carries several says itself that they are one person.
// covers: SSF-D-14, SSF-D-16
describe.concurrent('what was decided beyond the matching vectors', () => {
  it('a simple subject matches the user of a complex event', async () => {
    expect(await subjectOfSet(EMAIL, { subId: COMPLEX })).toEqual(COMPLEX);
  });

  it('a simple subject matches no other member of a complex event', async () => {
    expect(await subjectOfSet(COMPLEX.session, { subId: COMPLEX })).toBe('subject_not_in_stream');
  });

  it('a complex subject matches no simple event', async () => {
    expect(await subjectOfSet(COMPLEX, { subId: EMAIL })).toBe('subject_not_in_stream');
  });

  it('a simple subject matches every identifier that the signal carries', async () => {
    const user = { id: 'u-31', email: EMAIL.email };

    expect(await subjectOfSet(EMAIL, { user })).toMatchObject({ format: 'iss_sub', sub: 'u-31' });
  });

  it('aliases match by any of them', async () => {
    const aliases = { format: 'aliases', identifiers: [{ format: 'opaque', id: 'other' }, EMAIL] };

    expect(await subjectOfSet(aliases, { subId: EMAIL })).toEqual(EMAIL);
    expect(await subjectOfSet(EMAIL, { subId: aliases })).toEqual(aliases);
  });
});
