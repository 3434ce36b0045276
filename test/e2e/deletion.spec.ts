import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntry, DeletionCounts, Problem } from '../support/api-types.js';
import { expectStatus } from '../support/http.js';
import { POLL } from '../support/receiver-client.js';
import {
  connect,
  type Connection,
  createProvider,
  createReceiverApi,
  sessionRevoked,
  signals,
  userNumber,
} from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

/** A stream that holds three SETs. */
async function connectWithHeld(): Promise<Connection & { readonly jtis: string[] }> {
  const connection = await connect(transmitter);
  const { api, stream } = connection;
  expectStatus(await api.setStatus({ stream_id: stream.stream_id, status: 'paused' }), 200);
  const recorded = await transmitter.admin.recordAll(signals(3, connection.signal, userNumber));
  const fannedOut = await Promise.all(recorded.map(({ id }) => transmitter.admin.fannedOut(id)));
  return { ...connection, jtis: fannedOut.flatMap(({ outcomes }) => outcomes.map(({ jti = '' }) => jti)) };
}

/** What is deleted, and what goes with it. */
const WAYS = {
  stream: {
    action: 'stream.deleted' as const,
    path: ({ stream }: Connection) => `/streams/${stream.stream_id}`,
    deletion: { applications: 0, streams: 1, pendingSets: 3, waitingSignals: 0 },
    toll: { droppedSets: 3 },
  },
  application: {
    action: 'application.deleted' as const,
    path: ({ application }: Connection) => `/applications/${application.id}`,
    deletion: { applications: 0, streams: 1, pendingSets: 3, waitingSignals: 0 },
    toll: { streams: 1, droppedSets: 3 },
  },
  provider: {
    action: 'provider.deleted' as const,
    path: ({ provider }: Connection) => `/providers/${provider.id}`,
    deletion: { applications: 1, streams: 1, pendingSets: 3, waitingSignals: 0 },
    toll: { applications: 1, streams: 1, droppedSets: 3 },
  },
} satisfies Record<
  string,
  {
    action: AuditEntry['action'];
    path: (of: Connection) => string;
    deletion: DeletionCounts;
    toll: Record<string, number>;
  }
>;

describe.each(Object.entries(WAYS))('the deletion of a %s with SETs that wait', (_, { path, ...way }) => {
  it('is refused, says what would go, and changes nothing', async () => {
    const connection = await connectWithHeld();

    const answer = expectStatus(
      await transmitter.admin.call(path(connection), { method: 'DELETE' }),
      409,
    ).json<Problem>();

    expect(answer).toMatchObject({ code: 'has_pending_sets', deletion: way.deletion });
    expect(answer.detail).toMatch(/1 stream, 3 SETs.*force=true/s);
    expect(await deletionOf(transmitter, path(connection))).toEqual({
      ...way.deletion,
      needsForce: true,
    });
    for (const jti of connection.jtis) expect((await transmitter.admin.set(jti)).status).toBe('held');
    expect(await entriesOf(connection, way.action)).toEqual([]);
  });

  it('happens when it is forced: each SET is dropped with its reason, and the audit log has the counts', async () => {
    const connection = await connectWithHeld();

    await transmitter.admin.deleteAll(path(connection));

    for (const jti of connection.jtis)
      expect(await transmitter.admin.set(jti)).toMatchObject({ status: 'dropped', reason: 'stream_deleted' });
    expect(await entriesOf(connection, way.action)).toMatchObject([{ after: way.toll }]);
    expect(await entriesOf(connection, 'stream.deleted')).toMatchObject([{ after: { droppedSets: 3 } }]);
  });

  async function entriesOf({ provider }: Connection, action: AuditEntry['action']): Promise<object[]> {
    return transmitter.admin.auditLog({ providerId: provider.id, action });
  }
});

describe('a stream', () => {
  it('goes with what a worker changes at that very moment', async () => {
    const { stream, jtis } = await connectWithHeld();
    // as a tick that keeps a SET for another try
    const commit = await transmitter.database.begin(
      `update ssf.delivery set attempts = attempts + 1 where stream_id = '${stream.stream_id}'`,
    );
    const deleted = transmitter.admin.delete(`/streams/${stream.stream_id}?force=true`);
    await until('the deletion waits', () => transmitter.database.hasWaiting());
    await commit();
    await deleted;

    for (const jti of jtis) await transmitter.admin.setWithStatus(jti, 'dropped');
    expect(
      await transmitter.database.query('select from ssf.delivery where stream_id = $1', [stream.stream_id]),
    ).toEqual([]);
  });

  it('is deleted by its receiver whatever waits', async () => {
    const { api, stream, jtis } = await connectWithHeld();

    expectStatus(await api.deleteStream(stream.stream_id), 204);

    for (const jti of jtis) expect((await transmitter.admin.set(jti)).status).toBe('dropped');
  });

  it('goes without force when what waits is about itself', async () => {
    const { api } = await createReceiverApi(transmitter, await createProvider(transmitter));
    const { stream_id } = await api.createdStream({ delivery: { method: POLL } });
    expectStatus(await transmitter.admin.call(`/streams/${stream_id}/verify`, { method: 'POST' }), 204);
    expect((await transmitter.admin.stream(stream_id)).health.pendingCount).toBe(1);

    await transmitter.admin.delete(`/streams/${stream_id}`);
  });

  it.each(['force=1', 'force=', 'forced=true', 'dryRun=true'])(
    'stays when the request says %s',
    async (query) => {
      const { stream } = await connect(transmitter);
      const path = `/streams/${stream.stream_id}`;

      expectStatus(await transmitter.admin.call(`${path}?${query}`, { method: 'DELETE' }), 400);

      expectStatus(await transmitter.admin.call(path), 200);
    },
  );

  it('of no SETs that wait says so, and one that does not exist is 404', async () => {
    const { stream } = await connect(transmitter);

    expect(await deletionOf(transmitter, `/streams/${stream.stream_id}`)).toMatchObject({
      pendingSets: 0,
      needsForce: false,
    });
    for (const thing of ['providers', 'applications', 'streams'])
      expectStatus(await transmitter.admin.call(`/${thing}/${transmitter.adminToken}/deletion`), 404);
  });
});

it('a provider with signals that wait for their fan-out, and a stream, needs force as well', async () => {
  const idle = await startTransmitter({ delivery: false });
  try {
    const provider = await createProvider(idle);
    await idle.admin.record(sessionRevoked(provider));
    const path = `/providers/${provider.id}`;
    const needsForce = (): Promise<unknown> => deletionOf(idle, path);

    expect(await needsForce()).toMatchObject({ waitingSignals: 1, needsForce: false });
    const { api } = await createReceiverApi(idle, provider);
    await api.createdStream({ delivery: { method: POLL } });
    expect(await needsForce()).toMatchObject({ waitingSignals: 1, needsForce: true });

    expectStatus(await idle.admin.call(path, { method: 'DELETE' }), 409);
    await idle.admin.deleteAll(path);
  } finally {
    await idle.stop();
  }
});

async function deletionOf({ admin }: Transmitter, path: string): Promise<object> {
  return expectStatus(await admin.call(`${path}/deletion`), 200).json();
}
