import { trace } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { TestTracing } from '../../../src/platform/tracing/test-tracing.fixture.js';
import { type ExpressHost, HOST_TICK_MS, HostUser, startExpressHost } from '../../support/express-host.js';
import { call } from '../../support/http.js';
import { type Connection, connect, uniqueSlug } from '../../support/scenario.js';
import { startTransmitterOn, type Transmitter } from '../../support/transmitter.js';
import { until } from '../../support/until.js';
import type { SignalInput } from '../../../src/index.js';

let transmitter: Transmitter & { readonly host: ExpressHost };
let host: ExpressHost;

beforeAll(async () => {
  transmitter = await startTransmitterOn(startExpressHost);
  host = transmitter.host;
});

afterAll(() => transmitter.stop());

function passwordChanged({ provider }: Connection): SignalInput {
  return { provider: provider.slug, type: 'password.changed', subject: { user: { id: 'u-31' } } };
}

async function countOf(table: string, { provider }: Connection): Promise<number> {
  const [row] = await transmitter.database.query<{ count: number }>(
    `select count(*)::int as count from ssf.${table} where provider_id = $1`,
    [provider.id],
  );
  return row?.count ?? -1;
}

async function userExists(id: string): Promise<boolean> {
  return (await transmitter.database.query('select from public.host_user where id = $1', [id])).length > 0;
}

describe("a signal that is recorded in the host's own transaction", () => {
  it('is sent after the commit, together with what the host wrote', async () => {
    const connection = await connect(transmitter);
    const id = uniqueSlug('user');

    const recorded = await host.transaction(async (manager) => {
      await manager.insert(HostUser, { id, email: 'ana@acme.test' });
      const result = await host.signals.record(passwordChanged(connection), { manager });
      // nobody else sees it before the commit
      expect(await countOf('signal', connection)).toBe(0);
      return result;
    });
    const { claims } = await connection.receiver.next();

    expect(claims.txn).toBe(recorded.id);
    expect(await userExists(id)).toBe(true);
  });

  it("belongs to the trace of the host's own work", async () => {
    const tracing = TestTracing.start();
    onTestFinished(() => tracing.stop());
    const connection = await connect(transmitter);

    const work = await trace.getTracer('host').startActiveSpan('set a password', async (span) => {
      await host.transaction((manager) => host.signals.record(passwordChanged(connection), { manager }));
      span.end();
      return span.spanContext();
    });
    await connection.receiver.next();

    const [recording, another] = tracing.named('ssf.signal.record');
    expect(another).toBeUndefined();
    expect(recording?.parentSpanContext).toMatchObject({ traceId: work.traceId, spanId: work.spanId });
    expect(
      await transmitter.database.query('select traceparent from ssf.signal where provider_id = $1', [
        connection.provider.id,
      ]),
    ).toEqual([{ traceparent: `00-${work.traceId}-${recording?.spanContext().spanId}-01` }]);
  });

  it('leaves nothing when the transaction rolls back', async () => {
    const connection = await connect(transmitter);
    const id = uniqueSlug('user');

    const attempt = host.transaction(async (manager) => {
      await manager.insert(HostUser, { id, email: 'ana@acme.test' });
      await host.signals.record({ ...passwordChanged(connection), id: 'evt-1' }, { manager });
      throw new Error('the host thinks otherwise');
    });

    await expect(attempt).rejects.toThrow('the host thinks otherwise');
    expect(await userExists(id)).toBe(false);
    for (const table of ['signal', 'signal_queue', 'signal_identity', 'security_event_token'])
      expect(await countOf(table, connection)).toBe(0);
    // its id is free again
    expect(await host.signals.record({ ...passwordChanged(connection), id: 'evt-1' })).toMatchObject({
      status: 'accepted',
    });
    await connection.receiver.next();
    expect(connection.receiver.received).toHaveLength(1);
  });

  it('is sent after the outermost commit when transactions are nested', async () => {
    const connection = await connect(transmitter);

    await host.transaction(async (manager) => {
      await manager.transaction(async (nested) => {
        await host.signals.record(passwordChanged(connection), { manager: nested });
      });
      expect(await countOf('signal', connection)).toBe(0);
    });

    await connection.receiver.next();
    expect(connection.receiver.received).toHaveLength(1);
  });

  it('leaves nothing when its nested transaction alone rolls back', async () => {
    const connection = await connect(transmitter);

    await host.transaction(async (manager) => {
      await host.signals.record({ ...passwordChanged(connection), txn: 'outer' }, { manager });
      await manager
        .transaction(async (nested) => {
          await host.signals.record({ ...passwordChanged(connection), txn: 'inner' }, { manager: nested });
          throw new Error('inner only');
        })
        .catch(() => undefined);
    });

    expect((await connection.receiver.next()).claims.txn).toBe('outer');
    expect(await countOf('signal', connection)).toBe(1);
  });

  it('that is wrong rejects with the members, and the host may go on', async () => {
    const connection = await connect(transmitter);
    const id = uniqueSlug('user');

    await host.transaction(async (manager) => {
      await manager.insert(HostUser, { id, email: 'ana@acme.test' });
      const wrong = { ...passwordChanged(connection), provider: 'nobody' };
      await expect(host.signals.record(wrong, { manager })).rejects.toMatchObject({
        code: 'invalid_request',
        problems: [{ member: 'provider' }],
      });
    });

    expect(await userExists(id)).toBe(true);
  });
});

describe('signals that are recorded in many transactions at once', () => {
  it('need no connections but those of the transactions', async () => {
    const connection = await connect(transmitter);
    let begun = 0;

    // as many as there are connections in the pool
    await Promise.all(
      Array.from({ length: 10 }, () =>
        host.transaction(async (manager) => {
          begun += 1;
          await until('all transactions', () => begun === 10);
          await host.signals.record(passwordChanged(connection), { manager });
        }),
      ),
    );

    expect(await countOf('signal', connection)).toBe(10);
  });
});

describe('a signal that is recorded without a transaction', () => {
  it('is durable when record returns', async () => {
    const connection = await connect(transmitter);

    const { id } = await host.signals.record(passwordChanged(connection));

    expect(await countOf('signal', connection)).toBe(1);
    expect((await connection.receiver.next()).claims.txn).toBe(id);
  });

  it('may be one of many, all or none', async () => {
    const connection = await connect(transmitter);
    const wrong = { ...passwordChanged(connection), type: 'nothing' } as unknown as SignalInput;

    await expect(host.signals.recordAll([passwordChanged(connection), wrong])).rejects.toMatchObject({
      problems: [{ member: '[1].type' }],
    });
    const recorded = await host.signals.recordAll([passwordChanged(connection), passwordChanged(connection)]);

    expect(recorded).toHaveLength(2);
    expect(await countOf('signal', connection)).toBe(2);
  });
});

describe("an event of the host's own emitter", () => {
  it('is a signal when emitAsync resolves', async () => {
    const connection = await connect(transmitter);

    await host.emitter.emitAsync('user.signed-out', { provider: connection.provider.slug, userId: 'u-7' });

    expect(await countOf('signal', connection)).toBe(1);
    const { claims, payload } = await connection.receiver.next();
    expect(claims.sub_id).toMatchObject({ sub: 'u-7' });
    expect(payload).toMatchObject({ initiating_entity: 'user' });
  });

  it('makes emitAsync reject when it cannot be recorded', async () => {
    const emitted = host.emitter.emitAsync('user.signed-out', { provider: 'nobody', userId: 'u-7' });

    await expect(emitted).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('is recorded with plain emit, too', async () => {
    const connection = await connect(transmitter);

    host.emitter.emit('user.signed-out', { provider: connection.provider.slug, userId: 'u-8' });

    expect((await connection.receiver.next()).claims.sub_id).toMatchObject({ sub: 'u-8' });
  });

  it('that cannot be recorded is logged with plain emit, and ends nothing', async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', listener);
    const before = transmitter.logLines.length;

    host.emitter.emit('user.signed-out', { provider: 'nobody', userId: 'u-7' });
    await until('a line in the log', () =>
      transmitter.logLines
        .slice(before)
        .some((line) => line.includes('"error"') && line.includes('user.signed-out')),
    );
    // unhandled rejections are told after the microtasks of a turn
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listener);

    expect(unhandled).toEqual([]);
    expect((await call(`${transmitter.baseUrl}/users/nobody`)).status).toBe(404);
  });

  it('reaches the listeners of the host once', async () => {
    const connection = await connect(transmitter);
    const before = host.jobs.heard.length;

    await host.emitter.emitAsync('user.signed-out', { provider: connection.provider.slug, userId: 'u-9' });

    expect(host.jobs.heard.slice(before).map(({ userId }) => userId)).toEqual(['u-9']);
  });

  it('does not mix with the events of the transmitter', async () => {
    const heard: unknown[] = [];
    host.emitter.onAny((event) => void heard.push(event));
    const connection = await connect(transmitter);

    await host.signals.record(passwordChanged(connection));
    await connection.receiver.next();
    const record = await transmitter.admin.setWithStatus(
      connection.receiver.received[0]?.claims.jti ?? '',
      'delivered',
    );
    host.emitter.offAny(host.emitter.listenersAny().at(-1) as () => void);

    expect(record.status).toBe('delivered');
    expect(heard).toEqual([]);
  });
});

describe('the host keeps its own ways', () => {
  it('its unknown paths are answered by itself', async () => {
    const answer = await call(`${transmitter.baseUrl}/nothing`);

    expect(answer.status).toBe(404);
    expect(answer.json()).toEqual({ message: 'Cannot GET /nothing', error: 'Not Found', statusCode: 404 });
  });

  it('its errors have its own form', async () => {
    const answer = await call(`${transmitter.baseUrl}/users/nobody`);

    expect(answer.status).toBe(404);
    expect(answer.json()).toEqual({ message: 'no user nobody', error: 'Not Found', statusCode: 404 });
  });

  it('its validation has its own rules and form', async () => {
    const wrong = await call(`${transmitter.baseUrl}/users`, { body: { email: 'none' } });
    const email = `${uniqueSlug('ana')}@acme.test`;
    const withUnknownMember = await call(`${transmitter.baseUrl}/users`, { body: { email, colour: 'red' } });

    expect(wrong.status).toBe(400);
    expect(wrong.json()).toEqual({
      message: ['email must be an email'],
      error: 'Bad Request',
      statusCode: 400,
    });
    expect(withUnknownMember.status).toBe(201);
  });

  it('its body parser reads its bodies', async () => {
    const json = await call(`${transmitter.baseUrl}/users/echo`, { body: { a: [1] } });
    const form = await call(`${transmitter.baseUrl}/users/echo`, {
      body: 'a=1&b=2',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    const broken = await call(`${transmitter.baseUrl}/users/echo`, { body: ';{ broken' });

    expect(json.json()).toEqual({ body: { a: [1] } });
    expect(form.json()).toEqual({ body: { a: '1', b: '2' } });
    expect(broken.status).toBe(400);
    expect(broken.json()).toHaveProperty('statusCode', 400);
  });

  it('its jobs run once per tick', async () => {
    const { tickedAt } = host.jobs;
    const from = tickedAt.length;

    await until('twenty ticks', () => tickedAt.length >= from + 20);

    const ticks = tickedAt.slice(from, from + 20);
    const spent = (ticks.at(-1) ?? 0) - (ticks[0] ?? 0);
    // run twice per tick, twenty would take half of that
    expect(spent).toBeGreaterThan(19 * HOST_TICK_MS * 0.8);
  });

  it('its tables and the schema of the transmitter are apart', async () => {
    const rows = await transmitter.database.query<{ table_schema: string }>(
      `select distinct table_schema from information_schema.tables
        where table_name in ('host_user', 'provider', 'stream', 'signal') order by 1`,
    );

    expect(rows.map(({ table_schema: schema }) => schema)).toEqual(['public', 'ssf']);
  });
});
