import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { taken } from '../support/admin-client.js';
import { ApiDescription } from '../support/api-description.js';
import { type FuzzedRequest, fuzzedRequests } from '../support/api-fuzz.js';
import { TestDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { call } from '../support/http.js';
import { OAuthClient } from '../support/oauth-client.js';
import { connect, createAdminToken, createSource, createToken, sessionRevoked } from '../support/scenario.js';
import { ServerProcess } from '../support/server-process.js';
import type { Transmitter } from '../support/transmitter.js';

/** Another seed tries other requests: `FUZZ_SEED=2 FUZZ_PER_OPERATION=200 npx vitest run --project fault test/fault/fuzz.spec.ts`. */
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const PER_OPERATION = Number(process.env.FUZZ_PER_OPERATION ?? 12);
const AT_A_TIME = 8;
const ANSWER_MS = 10_000;
const MOST_MEMORY = 500e6;
const ADMIN_TOKEN = 'admin-token-of-the-fuzz-test';
const HEADER = 'Bearer secret-of-the-receiver-5f1a';

let database: TestDatabase;
let server: ServerProcess;
let transmitter: Transmitter;
/** what nobody may find anywhere, by what it is */
let secrets: Record<string, string>;
const answers: string[] = [];
const statuses = new Map<string, Set<number>>();

beforeAll(async () => {
  database = await TestDatabase.create();
  const port = await freePort();
  const baseUrl = `http://localhost:${port}`;
  const encryptionKey = randomBytes(32).toString('base64');
  server = new ServerProcess({
    PORT: String(port),
    DATABASE_URL: database.url,
    SSF_ADMIN_TOKEN: ADMIN_TOKEN,
    SSF_ENCRYPTION_KEY: encryptionKey,
    SSF_INSECURE_PUSH_TARGETS: 'loopback',
    SSF_LOG_LEVEL: 'trace',
    SSF_LONG_POLL_SECONDS: '1',
  });
  transmitter = {
    admin: await server.ready(baseUrl, ADMIN_TOKEN),
    baseUrl,
    adminToken: ADMIN_TOKEN,
  } as Transmitter;
  secrets = { 'the admin token': ADMIN_TOKEN, 'the encryption key': encryptionKey };
});

afterAll(async () => {
  await server.kill();
  await database.drop();
});

async function description(name: string): Promise<ApiDescription> {
  const file = new URL(`../../docs/openapi/${name}.json`, import.meta.url);
  return new ApiDescription(JSON.parse(await readFile(file, 'utf8')) as ApiDescription['document']);
}

/** Things of every kind, for requests to be about: their ids by the collection, or the parameter, that names them. */
async function furnish(): Promise<{ ids: Record<string, string>; receiverToken: string }> {
  const { admin } = transmitter;
  const { provider, application, stream, api, receiver } = await connect(transmitter, {
    delivery: { authorization_header: HEADER },
  });
  const { privateKey } = generateKeyPairSync('ed25519');
  const jwk = privateKey.export({ format: 'jwk' });
  const params = { path: { id: provider.id } };
  const imported = await taken(
    admin.api.POST('/api/v1/providers/{id}/signing-keys', { params, body: { jwk: { ...jwk } } }),
  );
  const token = await createToken(transmitter, application);
  const client = await OAuthClient.register(transmitter, application);
  const source = await createSource(transmitter, provider);
  const adminToken = await createAdminToken(transmitter, { role: 'viewer' });
  const signalId = await admin.record(sessionRevoked(provider));
  const { jti } = (await receiver.next()).claims;
  secrets = {
    ...secrets,
    'the header of a receiver': HEADER.replace('Bearer ', ''),
    'the private half of a key': jwk.d ?? '',
    'the token of an application': token,
    'the secret of an OAuth client': client.secret,
    'an access token': await client.token(),
    'the token of a source': source.token ?? '',
    'an admin token': adminToken.token,
  };
  return {
    receiverToken: api.token,
    ids: {
      providers: provider.id,
      applications: application.id,
      streams: stream.stream_id,
      signals: signalId,
      sets: jti,
      sources: source.id,
      'admin-tokens': adminToken.id,
      providerId: provider.id,
      applicationId: application.id,
      provider: provider.slug,
      endpoint_url: receiver.url,
      kid: imported.kid,
      slug: provider.slug,
      jti,
      stream_id: stream.stream_id,
      streamId: stream.stream_id,
    },
  };
}

/** What is wrong with an answer; undefined: nothing. */
async function problemOf(request: FuzzedRequest, token: string): Promise<string | undefined> {
  const { method, path, headers, body } = request;
  const answer = await call(`${transmitter.baseUrl}${path}`, {
    method,
    token,
    headers: { 'content-type': 'text/plain', ...headers },
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch((error: unknown) => error as Error);
  const shown = JSON.stringify({ ...request, body: body?.slice(0, 500), path: path.slice(0, 500) });
  // who sends more than is taken is hung up on, which may come before the answer
  if (answer instanceof Error)
    return (body?.length ?? 0) > 4 * 1024 * 1024 && answer.name !== 'TimeoutError'
      ? undefined
      : `${answer.message} to ${shown}`;
  answers.push(answer.text.slice(0, 20_000));
  statuses.set(request.operationId, (statuses.get(request.operationId) ?? new Set()).add(answer.status));
  if (answer.status >= 500) return `${answer.status} ${answer.text} to ${shown}`;
  return /node_modules|\.js:\d|select .* from ssf\./.test(answer.text)
    ? `${answer.text} to ${shown}`
    : undefined;
}

it('whatever is sent to any operation is answered, without an error of the server', async () => {
  // what deletions are about is nobody else's, and a receiver's provider is not among what administrators ask for
  const [asked, deleted, own] = [await furnish(), await furnish(), await furnish()];
  const options = { perOperation: PER_OPERATION, seed: SEED };
  const [admin, receiver] = [await description('admin'), await description('receiver')];
  const to =
    ({ token }: { token: string }) =>
    (request: FuzzedRequest) => ({ request, token });
  const isDeletion = ({ method }: FuzzedRequest): boolean => method === 'DELETE';
  const administrator = to({ token: ADMIN_TOKEN });
  const requests = [
    ...fuzzedRequests(admin, asked.ids, options)
      .filter((request) => !isDeletion(request))
      .map(administrator),
    ...fuzzedRequests(admin, deleted.ids, options).filter(isDeletion).map(administrator),
    ...fuzzedRequests(receiver, own.ids, options).map(to({ token: own.receiverToken })),
  ];
  const problems: string[] = [];
  const turns = requests.entries();
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      for (const [, { request, token }] of turns) {
        const problem = await problemOf(request, token);
        if (problem !== undefined) problems.push(problem);
      }
    }),
  );

  expect(requests.length).toBeGreaterThan(500);
  expect(problems).toEqual([]);
  // some of them got through, so that what is behind the first check was tried, too
  const reached = [...statuses].filter(([, seen]) => [...seen].some((status) => status < 400));
  expect(reached.length).toBeGreaterThan(statuses.size / 2);
  expect(server.logLines.filter(({ level }) => level === 'error')).toEqual([]);
}, 180_000);

it('afterwards it still delivers, and has not grown', async () => {
  const { receiver, signal } = await connect(transmitter);
  await transmitter.admin.record(signal());

  expect((await receiver.next()).eventType).toMatch(/session-revoked$/);
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
  expect(Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024).toBeLessThan(MOST_MEMORY);
});

it('and no secret stands in the log at any level, in an answer, in the metrics or in the database', async () => {
  const { text: metrics } = await call(`${transmitter.baseUrl}/metrics`);
  const places = {
    'the log': server.stdout + server.stderr,
    'the answers': answers.join('\n'),
    'the metrics': metrics,
  };
  expect(places['the log'].length).toBeGreaterThan(100_000);
  const found: string[] = [];
  for (const [what, secret] of Object.entries(secrets)) {
    expect(secret.length, what).toBeGreaterThan(15);
    for (const form of [
      secret,
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('hex'),
    ]) {
      for (const [place, text] of Object.entries(places))
        if (text.includes(form)) found.push(`${what} in ${place}`);
      for (const place of await database.placesOf(form)) found.push(`${what} in ${place}`);
    }
  }
  expect(found).toEqual([]);
});
