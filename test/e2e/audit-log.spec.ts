import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taken } from '../support/admin-client.js';
import { ApiDescription } from '../support/api-description.js';
import type {
  Application,
  AuditEntry,
  NewOAuthClient,
  NewSource,
  Problem,
  Provider,
  StreamConfiguration,
} from '../support/api-types.js';
import { type Answer, call, expectStatus } from '../support/http.js';
import { POLL, PUSH, ReceiverClient } from '../support/receiver-client.js';
import {
  createAdminToken,
  createProvider,
  createReceiverApi,
  createSource,
  issueToken,
  uniqueSlug,
} from '../support/scenario.js';
import { rotateKey } from '../support/signing-keys.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

/** Requests with an id that begins like this fail when they commit. */
const FAILING = 'fails-';
const SUBJECT = { format: 'email', email: 'ana@acme.test' };
const PURGED = { format: 'opaque', id: 'u-purged' };
const HEADER = 'Bearer rx-audited-0123456789';

let transmitter: Transmitter;
let operations: ApiDescription['operations'];
let sharedProvider: Provider;

beforeAll(async () => {
  // nothing changes by itself
  transmitter = await startTransmitter({ delivery: false });
  sharedProvider = await createProvider(transmitter, { defaultSubjects: 'NONE' });
  const documents = await Promise.all(
    ['admin', 'receiver'].map((name) => ApiDescription.read(`${transmitter.baseUrl}/docs/${name}.json`)),
  );
  operations = documents.flatMap((document) => document.operations);
  await transmitter.database.query(`
    create function public.fail() returns trigger language plpgsql as $$
      begin raise exception 'the commit fails, as the test wants it'; end $$;
    create constraint trigger fails after insert on ssf.audit_entry deferrable initially deferred
      for each row when (new.request_id like '${FAILING}%') execute function public.fail()`);
});

afterAll(() => transmitter.stop());

/** What a change is about; each test has its own. */
interface World {
  readonly provider: Provider;
  readonly application: Application;
  readonly api: ReceiverClient;
  readonly stream: StreamConfiguration;
}

interface Change {
  /** what it writes down, in this order */
  readonly entries: readonly string[];
  /** what has to be there before; what it answers is in the path, with the ids of the world */
  readonly first?: (world: World) => Promise<Record<string, string>>;
  /** the thing that `{id}` in the path stands for */
  readonly of?: 'provider' | 'application' | 'stream';
  readonly body?: (world: World) => unknown;
  /** the same once more changes nothing */
  readonly isOnce?: true;
}

const pushTo = (world: World, header = HEADER): object => ({
  stream_id: world.stream.stream_id,
  delivery: { method: PUSH, endpoint_url: 'https://127.0.0.1:9/events', authorization_header: header },
});

const ADMIN_CHANGES: Record<string, Change> = {
  createProvider: {
    entries: ['provider.created', 'signing_key.created'],
    body: () => ({ slug: uniqueSlug('p'), name: 'P', signingAlgorithm: 'ES256' }),
  },
  updateProvider: {
    entries: ['provider.updated'],
    of: 'provider',
    body: () => ({ name: 'Renamed', eventRetentionDays: 30 }),
    isOnce: true,
  },
  deleteProvider: { entries: ['application.deleted', 'provider.deleted', 'stream.deleted'], of: 'provider' },
  rotateSigningKey: { entries: ['signing_key.created'], of: 'provider', body: () => ({}) },
  importSigningKey: {
    entries: ['provider.updated', 'signing_key.created'],
    of: 'provider',
    body: () => ({ pem: privatePem() }),
  },
  deleteSigningKey: {
    entries: ['signing_key.deleted'],
    of: 'provider',
    first: async ({ provider }) => {
      const { kid } = await rotateKey(transmitter, provider);
      return { kid };
    },
  },
  createApplication: {
    entries: ['application.created'],
    body: ({ provider }) => ({ providerId: provider.id, slug: uniqueSlug('a'), name: 'A' }),
  },
  updateApplication: {
    entries: ['application.updated'],
    of: 'application',
    body: () => ({ name: 'Renamed', allowedGroups: ['staff'] }),
    isOnce: true,
  },
  deleteApplication: { entries: ['application.deleted', 'stream.deleted'], of: 'application' },
  createToken: { entries: ['token.created'], of: 'application', body: () => ({ scopes: ['ssf.read'] }) },
  revokeToken: {
    entries: ['token.revoked'],
    of: 'application',
    first: async ({ application }) => {
      const { id } = await issueToken(transmitter, application);
      return { tokenId: id };
    },
  },
  createAdminToken: { entries: ['admin_token.created'], body: () => ({ name: 'Ana', role: 'viewer' }) },
  revokeAdminToken: {
    entries: ['admin_token.revoked'],
    first: async () => {
      const { id } = await createAdminToken(transmitter, { name: 'Ana', role: 'viewer' });
      return { id };
    },
  },
  createOAuthClient: { entries: ['oauth_client.created'], of: 'application', body: oauthClient },
  deleteOAuthClient: {
    entries: ['oauth_client.deleted'],
    of: 'application',
    first: async ({ application: { id } }) => {
      const params = { path: { id } };
      const { clientId } = await taken(
        transmitter.admin.api.POST('/api/v1/applications/{id}/oauth-clients', {
          params,
          body: oauthClient(),
        }),
      );
      return { clientId };
    },
  },
  createSource: {
    entries: ['signal_source.created'],
    body: ({ provider }) => ({ providerId: provider.id, ...newSource() }),
  },
  updateSource: {
    entries: ['signal_source.updated'],
    first: createdSource,
    body: () => ({ name: 'Renamed' }),
    isOnce: true,
  },
  renewSourceToken: { entries: ['signal_source.credential_changed'], first: createdSource },
  deleteSource: { entries: ['signal_source.deleted'], first: createdSource },
  createStreamAsAdministrator: {
    entries: ['stream.created'],
    body: ({ application }) => ({ applicationId: application.id, delivery: { method: POLL } }),
  },
  updateStreamStatus: {
    entries: ['stream.status_changed'],
    of: 'stream',
    body: () => ({ status: 'paused', reason: 'maintenance' }),
    isOnce: true,
  },
  verifyStreamAsAdministrator: { entries: ['stream.verification_requested'], of: 'stream' },
  deleteStreamAsAdministrator: { entries: ['stream.deleted'], of: 'stream' },
  recoverStream: {
    entries: ['recovery.requested'],
    of: 'stream',
    body: () => ({ from: new Date(Date.now() - 60_000).toISOString() }),
  },
  cancelStreamRecovery: {
    entries: ['recovery.cancelled'],
    of: 'stream',
    first: async (world) => ({ recoveryId: await recovery(world) }),
    isOnce: true,
  },
  cancelRecovery: {
    entries: ['recovery.cancelled'],
    first: async (world) => ({ id: await recovery(world) }),
    isOnce: true,
  },
  redeliverSet: { entries: ['set.redelivered'], first: droppedSet, isOnce: true },
  purgeSubject: {
    entries: ['subject.purged'],
    first: async ({ api, stream }) => {
      expectStatus(await api.addSubject({ stream_id: stream.stream_id, subject: PURGED }), 200);
      return {};
    },
    body: ({ provider }) => ({ providerId: provider.id, subject: PURGED }),
    isOnce: true,
  },
  redeliverSets: {
    entries: ['recovery.requested'],
    body: ({ provider }) => ({ providerId: provider.id, status: 'dead', subject: 'ana@acme.test' }),
  },
};

const RECEIVER_CHANGES: Record<string, Change> = {
  createStream: { entries: ['stream.created'], body: () => ({ delivery: { method: POLL } }) },
  updateStream: { entries: ['stream.updated'], body: pushTo },
  replaceStream: {
    entries: ['stream.updated'],
    body: ({ stream }) => ({
      stream_id: stream.stream_id,
      delivery: { method: POLL },
      description: 'all of it',
    }),
    isOnce: true,
  },
  deleteStream: { entries: ['stream.deleted'] },
  updateStatus: {
    entries: ['stream.status_changed'],
    body: ({ stream }) => ({ stream_id: stream.stream_id, status: 'paused' }),
    isOnce: true,
  },
  addSubject: {
    entries: ['subject.added'],
    body: ({ stream }) => ({ stream_id: stream.stream_id, subject: SUBJECT }),
    isOnce: true,
  },
  removeSubject: {
    entries: ['subject.removed'],
    first: async ({ api, stream }) => {
      expectStatus(await api.addSubject({ stream_id: stream.stream_id, subject: SUBJECT }), 200);
      return {};
    },
    body: ({ stream }) => ({ stream_id: stream.stream_id, subject: SUBJECT }),
    isOnce: true,
  },
};

/** What is about no provider. */
const OF_NO_PROVIDER = ['createAdminToken', 'revokeAdminToken'];

/** Why these leave no entry. */
const EXEMPT: Record<string, string> = {
  recordSignals: 'signals have their own history',
  sendEvents: 'signals have their own history',
  previewSignal: 'changes nothing',
  resealSecrets: 'what is encrypted stays as it was; the log tells how many',
  requestToken: 'access tokens last an hour, and the log tells of them',
  introspectToken: 'changes nothing',
  revokeAccessToken: 'access tokens last an hour',
  verifyStream: 'a SET, of which the history tells; it may come every few seconds',
  poll: 'the end of SETs, of which the history tells',
};

const CHANGES: Record<string, Change> = { ...ADMIN_CHANGES, ...RECEIVER_CHANGES };

function newSource(): Omit<NewSource, 'providerId'> {
  return { slug: uniqueSlug('s'), name: 'S', profile: 'signal' };
}

async function createdSource({ provider }: World): Promise<{ id: string }> {
  const { id } = await createSource(transmitter, provider, newSource());
  return { id };
}

function oauthClient(): NewOAuthClient {
  return { tokenEndpointAuthMethod: 'client_secret_basic', scopes: ['ssf.read'] };
}

function privatePem(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

async function recovery({ stream }: World): Promise<string> {
  const from = new Date(Date.now() - 60_000).toISOString();
  const path = `/streams/${stream.stream_id}/recover`;
  const answer = await transmitter.admin.call(path, { body: { from } });
  return expectStatus(answer, 202).json<{ id: string }>().id;
}

/** A verification SET that was dropped since its stream was disabled. */
async function droppedSet({ stream: { stream_id: id } }: World): Promise<{ jti: string }> {
  const post = (path: string, body?: object): Promise<Answer> =>
    transmitter.admin.call(`/streams/${id}${path}`, { method: 'POST', body });
  await post('/verify');
  await post('/status', { status: 'disabled' });
  await post('/status', { status: 'enabled' });
  const [set] = await transmitter.admin.sets({ streamId: id, status: 'dropped' });
  return { jti: set?.jti ?? '' };
}

async function createWorld(to?: Provider): Promise<World> {
  const provider = to ?? (await createProvider(transmitter, { defaultSubjects: 'NONE' }));
  const { application, api } = await createReceiverApi(transmitter, provider);
  return { provider, application, api, stream: await api.createdStream({ delivery: { method: POLL } }) };
}

function idsOf(world: World, change: Change): Record<string, string> {
  const { provider, application, stream } = world;
  const ids = { provider: provider.id, application: application.id, stream: stream.stream_id };
  return { slug: provider.slug, id: ids[change.of ?? 'stream'] };
}

interface PreparedChange {
  readonly id: string;
  readonly position: number;
  readonly world: World;
  /** The same request each time but for its id. */
  send(requestId: string): Promise<Answer>;
}

/** All but the change itself. */
async function prepared(id: string, position: number): Promise<PreparedChange> {
  const change = CHANGES[id];
  const operation = operations.find((each) => each.operationId === id);
  if (!change || !operation) throw new Error(`there is no ${id}`);
  const world = await createWorld(change.of === 'provider' ? undefined : sharedProvider);
  const ids: Record<string, string> = { ...idsOf(world, change), ...(await change.first?.(world)) };
  const path = operation.path.replace(/{(\w+)}/g, (_, name: string) => encodeURIComponent(ids[name] ?? ''));
  const query = id === 'deleteStream' ? `?stream_id=${world.stream.stream_id}` : '';
  const body = change.body?.(world);
  const send = (requestId: string): Promise<Answer> =>
    call(`${transmitter.baseUrl}${path}${query}`, {
      method: operation.method,
      token: id in ADMIN_CHANGES ? transmitter.adminToken : world.api.token,
      body,
      headers: { 'x-request-id': requestId },
    });
  return { id, position, world, send };
}

function byOperation<Value>(
  changes: readonly PreparedChange[],
  valueOf: (change: PreparedChange) => Value,
): Record<string, Value> {
  return Object.fromEntries(changes.map((change) => [change.id, valueOf(change)]));
}

function linesOf({ text }: Answer): AuditEntry[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as AuditEntry);
}

/** All of it, oldest first. */
async function exported(): Promise<AuditEntry[]> {
  return linesOf(expectStatus(await transmitter.admin.call('/audit-log/export'), 200));
}

/** All that can be changed: a digest of each table. */
async function everything(): Promise<object[]> {
  const tables = await transmitter.database.query<{ name: string }>(
    `select relname as name from pg_class
      where relnamespace = 'ssf'::regnamespace and relkind in ('r', 'p') and not relispartition
        -- a request is counted, whatever comes of it, and tasks have their times
        and relname not in ('stream_limit', 'periodic_task')`,
  );
  const digests = tables.map(
    ({ name }) =>
      `select '${name}' as name, md5(string_agg((to_jsonb(t) - 'last_activity_at')::text, ',' order by t::text)) as digest
         from ssf."${name}" t`,
  );
  return transmitter.database.query(`${digests.join(' union all ')} order by name`);
}

function actorOf(operationId: string, { application }: World): AuditEntry['actor'] {
  return operationId in RECEIVER_CHANGES
    ? { kind: 'receiver', id: application.id, name: null }
    : { kind: 'administrator', id: 'bootstrap', name: null };
}

describe('the audit log', () => {
  it('knows each operation of the APIs that changes something', () => {
    const changing = operations.filter(({ method }) => method !== 'GET').map((each) => each.operationId);

    const known = [...Object.keys(CHANGES), ...Object.keys(EXEMPT)];
    expect(changing.filter((each) => !known.includes(each))).toEqual([]);
    expect(Object.keys(CHANGES).filter((each) => !changing.includes(each))).toEqual([]);
  });

  it('has each change, with who it was, exactly when it is committed', async () => {
    const changes = await Promise.all(Object.keys(CHANGES).map(prepared));
    const before = await everything();

    // it has an entry, or this would not fail; and without the entry there is no change
    const failed = await Promise.all(changes.map(({ send }) => send(`${FAILING}x`)));
    expect(byOperation(changes, ({ position }) => failed[position]?.status)).toEqual(
      byOperation(changes, () => 500),
    );
    expect(await everything()).toEqual(before);

    const made = await Promise.all(changes.map(({ id, send }) => send(`makes-${id}`)));
    expect(made.flatMap(({ status, text }) => (status < 300 ? [] : [text]))).toEqual([]);
    const entries = await exported();
    const of = (requestId: string): AuditEntry[] => entries.filter((entry) => entry.requestId === requestId);
    expect(byOperation(changes, ({ id }) => of(`makes-${id}`).map(({ action }) => action))).toEqual(
      byOperation(changes, ({ id }) => CHANGES[id]?.entries),
    );
    for (const { id, world } of changes)
      for (const entry of of(`makes-${id}`)) {
        expect(entry.actor).toEqual(actorOf(id, world));
        expect(entry.address).toMatch(/127\.0\.0\.1$/);
        expect(entry.providerId === null, id).toBe(OF_NO_PROVIDER.includes(id));
      }
  });

  it('has nothing of what changes nothing', async () => {
    const changes = await Promise.all(
      Object.keys(CHANGES)
        .filter((id) => CHANGES[id]?.isOnce)
        .map(prepared),
    );
    await Promise.all(changes.map(({ send }) => send('once')));

    const again = await Promise.all(changes.map(({ send }) => send('again')));

    expect(again.filter(({ status }) => status >= 300)).toEqual([]);
    const entries = await exported();
    expect(entries.filter(({ requestId }) => requestId === 'once')).toHaveLength(changes.length);
    expect(entries.filter(({ requestId }) => requestId === 'again')).toEqual([]);
  });

  it('has nothing of a request that is repeated with its Idempotency-Key', async () => {
    const { application } = await createWorld();
    const path = `/applications/${application.id}/tokens`;
    const send = (): Promise<Answer> =>
      transmitter.admin.call(path, {
        body: { scopes: ['ssf.read'] },
        headers: { 'idempotency-key': application.id },
      });

    await send();
    const entries = await transmitter.admin.auditLog({ applicationId: application.id });
    await send();

    expect(await transmitter.admin.auditLog({ applicationId: application.id })).toEqual(entries);
  });

  it('tells what has changed, and only that', async () => {
    const { provider, application, api, stream } = await createWorld();
    const patch = (path: string, body: object): Promise<Answer> =>
      transmitter.admin.call(path, { method: 'PATCH', body });
    await patch(`/providers/${provider.id}`, { name: 'Renamed', defaultSubjects: 'NONE' });
    await patch(`/applications/${application.id}`, { allowedGroups: ['staff'], maxStreams: 3 });
    await api.setStatus({ stream_id: stream.stream_id, status: 'paused', reason: 'holiday' });

    const [status, changed] = await transmitter.admin.auditLog({ applicationId: application.id });
    const [renamed] = await transmitter.admin.auditLog({
      providerId: provider.id,
      action: 'provider.updated',
    });

    expect(renamed).toMatchObject({ before: { name: provider.name }, after: { name: 'Renamed' } });
    expect(Object.keys(renamed?.after ?? {})).toEqual(['name']);
    expect(changed).toMatchObject({
      before: { allowedGroups: null, maxStreams: 20 },
      after: { allowedGroups: ['staff'], maxStreams: 3 },
    });
    expect(status).toMatchObject({
      streamId: stream.stream_id,
      before: { status: 'enabled', statusReason: null },
      after: { status: 'paused', statusReason: 'holiday' },
    });
  });

  it('tells that there is a header for pushes, and never which', async () => {
    const world = await createWorld();
    const change = async (header: string): Promise<AuditEntry | undefined> => {
      expectStatus(await world.api.patchStream(pushTo(world, header)), 200);
      return (await transmitter.admin.auditLog({ streamId: world.stream.stream_id }))[0];
    };

    const entries = [await change(HEADER), await change(`${HEADER}9`), await change('')];

    expect(entries.map((entry) => [entry?.before, entry?.after])).toMatchObject([
      [{ authorizationHeader: null }, { authorizationHeader: 'set' }],
      [{ authorizationHeader: 'set' }, { authorizationHeader: 'replaced' }],
      [{ authorizationHeader: 'set' }, { authorizationHeader: null }],
    ]);
    expect(JSON.stringify(await transmitter.admin.auditLog({}))).not.toContain('rx-audited');
  });

  it('tells a subject by its digest', async () => {
    const { api, stream } = await createWorld();
    const request = { stream_id: stream.stream_id, subject: SUBJECT };
    await api.addSubject(request);
    await api.addSubject({ ...request, verified: false });
    await api.removeSubject(request);

    const entries = await transmitter.admin.auditLog({ streamId: stream.stream_id });

    expect(entries.map(({ action, after }) => [action, after])).toEqual([
      ['subject.removed', null],
      ['subject.added', { verified: false }],
      ['subject.added', { verified: true }],
      ['stream.created', expect.anything()],
    ]);
    expect(new Set(entries.slice(0, 3).map(({ targetId }) => targetId)).size).toBe(1);
    expect(JSON.stringify(entries)).not.toContain('ana@');
  });

  it('keeps what there was of what is deleted, each thing by itself', async () => {
    const { provider, application, stream } = await createWorld();

    await transmitter.admin.delete(`/providers/${provider.id}`);

    const [gone] = await transmitter.admin.auditLog({ streamId: stream.stream_id });
    const [owner] = await transmitter.admin.auditLog({
      applicationId: application.id,
      action: 'application.deleted',
    });
    expect(gone).toMatchObject({ action: 'stream.deleted', before: { method: 'poll', status: 'enabled' } });
    expect(owner).toMatchObject({ before: { slug: application.slug }, requestId: gone?.requestId });
  });

  it('is found by actor, its id, action, provider, application, stream and time', async () => {
    const { provider, application, api, stream } = await createWorld();
    await api.setStatus({ stream_id: stream.stream_id, status: 'paused' });
    const of = async (query: Record<string, string>): Promise<string[]> =>
      (await transmitter.admin.auditLog({ providerId: provider.id, ...query })).map(({ action }) => action);
    const all = ['stream.status_changed', 'stream.created', 'token.created', 'application.created'];
    const [{ at } = { at: '' }] = await transmitter.admin.auditLog({ streamId: stream.stream_id });
    const next = new Date(Date.parse(at) + 1).toISOString();

    expect(await of({})).toEqual([...all, 'signing_key.created', 'provider.created']);
    expect(await of({ applicationId: application.id })).toEqual(all);
    expect(await of({ streamId: stream.stream_id })).toEqual(all.slice(0, 2));
    expect(await of({ actor: 'receiver' })).toEqual(all.slice(0, 2));
    expect(await of({ actor: 'system' })).toEqual([]);
    expect(await of({ actorId: application.id })).toEqual(all.slice(0, 2));
    expect(await of({ actor: 'administrator', actorId: application.id })).toEqual([]);
    expect(await of({ actorId: 'bootstrap' })).toHaveLength(4);
    expect(await of({ action: 'token.created' })).toEqual(['token.created']);
    expect(await of({ from: at })).toContain('stream.status_changed');
    expect(await of({ from: next })).toEqual([]);
    expect(await of({ to: next })).toContain('stream.status_changed');
    expect(await of({ to: at })).not.toContain('stream.status_changed');
  });

  it('comes in pages, the newest first', async () => {
    const { provider } = await createWorld();
    const all = await transmitter.admin.auditLog({ providerId: provider.id });

    const pages = await transmitter.admin.all<AuditEntry>(`/audit-log?providerId=${provider.id}`, 2);

    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(pages.flat()).toEqual(all);
    const times = all.map(({ at }) => at);
    expect(times).toEqual(times.toSorted().reverse());
  });

  it('is exported as NDJSON, the oldest first, beyond what is read at a time', async () => {
    const { provider } = await createWorld();
    await transmitter.database.query(
      `insert into ssf.audit_entry (id, at, actor_kind, action, provider_id, target_id)
       select overlay(gen_random_uuid()::text placing left(ssf.uuid_at(now() - n * interval '1 hour')::text, 13) from 1 for 13)::uuid,
              now() - n * interval '1 hour', 'system', 'history.dropped', $1, n from generate_series(1, 1201) n`,
      [provider.id],
    );
    const path = `/audit-log/export?providerId=${provider.id}`;

    const answer = await transmitter.admin.call(path);
    const dropped = await transmitter.admin.call(`${path}&action=history.dropped`);

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('application/x-ndjson');
    const entries = linesOf(answer);
    expect(entries.slice(0, 1201).map(({ targetId }) => targetId)).toEqual(
      Array.from({ length: 1201 }, (_, index) => String(1201 - index)),
    );
    const data = await transmitter.admin.auditLog({ providerId: provider.id, limit: 5 });
    expect(entries.slice(1201).reverse()).toEqual(data);
    expect(linesOf(dropped)).toHaveLength(1201);
  });

  it('is exported as nothing when there is nothing', async () => {
    const answer = await transmitter.admin.call(`/audit-log/export?streamId=${randomUUID()}`);

    expect([answer.status, answer.text]).toEqual([200, '']);
  });

  it('cannot be changed, nor shortened, by whoever forgets that', async () => {
    await createWorld();
    const { database } = transmitter;

    for (const statement of [
      `update ssf.audit_entry set action = 'provider.created'`,
      'delete from ssf.audit_entry',
      'truncate ssf.audit_entry',
      // what retention may, and not more
      `with t as (select set_config('ssf.audit_retention_days', '30', true)) delete from ssf.audit_entry using t where at > now() - interval '29 days'`,
    ])
      await expect(database.query(statement)).rejects.toThrow('the audit log is append-only');
  });

  it.each<[string, Record<string, string>, string]>([
    ['an unknown action', { action: 'provider.renamed' }, 'action'],
    ['an unknown actor', { actor: 'root' }, 'actor'],
    ['an id that is none', { providerId: '7' }, 'providerId'],
    ['a time that is none', { from: 'yesterday' }, 'from'],
    ['an unknown member', { subject: 'ana' }, 'subject'],
    ['a limit beyond the maximum', { limit: '251' }, 'limit'],
    ['a cursor of another list', { cursor: 'x' }, 'cursor'],
  ])('refuses %s', async (_, query, member) => {
    const answer = await transmitter.admin.call(`/audit-log?${new URLSearchParams(query).toString()}`);

    expect(answer.status).toBe(400);
    expect(answer.json<Problem>().errors?.map((each) => each.member)).toEqual([member]);
  });

  it.each(['', '/export'])('is for administrators: GET /audit-log%s', async (path) => {
    expect((await transmitter.admin.call(`/audit-log${path}`, { token: undefined })).status).toBe(401);
  });
});
