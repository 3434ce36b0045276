import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, expectStatus } from '../../support/http.js';
import { makeDue } from '../../support/queue.js';
import { POLL } from '../../support/receiver-client.js';
import { connect, createSource, signals, userNumber } from '../../support/scenario.js';
import { startTransmitter, type Transmitter } from '../../support/transmitter.js';
import { until } from '../../support/until.js';

const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';
const CREDENTIAL_CHANGE = 'https://schemas.openid.net/secevent/caep/event-type/credential-change';
/** Whose values are few, whatever comes in. */
const LABELS = [
  'algorithm',
  'api',
  'code_class',
  'err',
  'event_type',
  'method',
  'outcome',
  'reason',
  'status',
  'type',
];
const OF_THE_PROCESS = ['kind', 'le', 'major', 'minor', 'node', 'patch', 'quantile', 'space', 'version'];

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter({ sweepIntervalMs: 100 });
});

afterAll(() => transmitter.stop());

/** Every sample of the page: its name, its labels as they are written, its value. */
async function samples(): Promise<Map<string, number>> {
  const page = await call(`${transmitter.baseUrl}/metrics`);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = page.text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

function grown(before: Map<string, number>, after: Map<string, number>, name: string): number {
  return (after.get(name) ?? 0) - (before.get(name) ?? 0);
}

describe('GET /metrics', () => {
  it('counts who was not authenticated, at which API', async () => {
    const before = await samples();
    const { provider, api } = await connect(transmitter);
    const source = await createSource(transmitter, provider);
    const events = `${transmitter.baseUrl}/api/v1/sources/${source.id}/events`;

    await transmitter.admin.call('/providers', { token: 'wrong' });
    await transmitter.admin.call('/providers', { token: undefined });
    await transmitter.admin.call('/signals', { token: 'ssf_emit_wrong', body: {} });
    await call(events, { token: 'wrong', body: {} });
    await api.readStreams({ token: 'wrong' });

    const after = await samples();
    const counted = (api: string, reason: string): number =>
      grown(before, after, `ssf_failed_authentications_total{api="${api}",reason="${reason}"}`);
    expect(counted('admin', 'invalid_token')).toBe(1);
    expect(counted('admin', 'missing_token')).toBe(1);
    expect(counted('source', 'invalid_token')).toBe(2);
    expect(counted('receiver', 'invalid_token')).toBe(1);
  });

  it('counts what becomes of a signal, from its report to the acknowledgement', async () => {
    const before = await samples();
    const push = await connect(transmitter);
    const { provider, signal } = push;
    const poll = await connect(transmitter, { to: provider });
    const stream = await poll.api.createdStream({ delivery: { method: POLL } });
    await poll.api.createdStream({ delivery: { method: POLL }, events_requested: [CREDENTIAL_CHANGE] });
    push.receiver.behave({ status: 503 });

    await transmitter.admin.recordAll([signal({ id: 'once' })]);
    await transmitter.admin.recordAll([signal({ id: 'once' })]);
    const { jti } = (await push.receiver.next()).claims;
    await transmitter.admin.streamWhen(
      push.stream.stream_id,
      'waits for its next try',
      ({ health }) => health.retryAt !== null,
    );
    push.receiver.behave({ status: 202 });
    await makeDue(transmitter, push.stream.stream_id);
    await transmitter.admin.setWithStatus(jti, 'delivered');
    await poll.receiver.next();
    const { sets } = expectStatus(await poll.api.poll(stream), 200).json<{ sets: object }>();
    await poll.api.poll(stream, { ack: Object.keys(sets), maxEvents: 0, returnImmediately: true });

    const after = await until('the second stream is told of', async () => {
      const now = await samples();
      return grown(before, now, 'ssf_sets_ended_total{outcome="delivered",method="push"}') === 2 && now;
    });
    const growth = (name: string): number => grown(before, after, name);
    expect(growth('ssf_signals_recorded_total{type="session.revoked",outcome="accepted"}')).toBe(1);
    expect(growth('ssf_signals_recorded_total{type="session.revoked",outcome="duplicate"}')).toBe(1);
    const enqueued = `ssf_sets_enqueued_total{event_type="${SESSION_REVOKED}"`;
    expect(growth(`${enqueued},method="push"}`)).toBe(2);
    expect(growth(`${enqueued},method="poll"}`)).toBe(1);
    expect(growth('ssf_sets_suppressed_total{reason="event_not_delivered"}')).toBe(1);
    expect(growth('ssf_push_attempts_total{outcome="retry",code_class="5xx"}')).toBe(1);
    expect(growth('ssf_push_attempts_total{outcome="delivered",code_class="2xx"}')).toBe(2);
    expect(growth('ssf_push_duration_seconds_count')).toBe(3);
    expect(growth('ssf_stream_failures_total')).toBe(1);
    expect(growth('ssf_delivery_latency_seconds_count{method="push"}')).toBe(2);
    expect(growth('ssf_delivery_latency_seconds_count{method="poll"}')).toBe(1);
    expect(growth('ssf_poll_requests_total')).toBe(2);
    expect(growth('ssf_poll_acks_total')).toBe(1);
    expect(growth('ssf_sets_ended_total{outcome="delivered",method="poll"}')).toBe(1);
  });

  it('counts the errors of receivers by the codes that are registered, and what else they say as other', async () => {
    const { api, signal } = await connect(transmitter);
    const stream = await api.createdStream({ delivery: { method: POLL } });
    const before = await samples();
    await transmitter.admin.recordAll(signals(2, signal, userNumber));
    const { sets } = await until('both SETs', async () => {
      const answer = (await api.poll(stream, { maxEvents: 0 })).json<{ moreAvailable?: boolean }>();
      if (!answer.moreAvailable) return false;
      const all = (await api.poll(stream)).json<{ sets: Record<string, string> }>();
      return Object.keys(all.sets).length === 2 && all;
    });
    const [first = '', second = ''] = Object.keys(sets);
    const setErrs = {
      [first]: { err: 'invalid_key' },
      [second]: { err: 'https://receiver.test/made-up?u-31' },
    };
    await api.poll(stream, { setErrs, maxEvents: 0, returnImmediately: true });

    const after = await samples();
    expect(grown(before, after, 'ssf_poll_set_errors_total{err="invalid_key"}')).toBe(1);
    expect(grown(before, after, 'ssf_poll_set_errors_total{err="other"}')).toBe(1);
    expect([...after.keys()].filter((name) => name.includes('receiver.test'))).toEqual([]);
  });

  it('tells how queues, streams, keys and the engine stand', async () => {
    const { api, stream, signal } = await connect(transmitter);
    expectStatus(await api.setStatus({ stream_id: stream.stream_id, status: 'paused' }), 200);
    await transmitter.admin.fannedOut(await transmitter.admin.record(signal()));

    const now = await until('values that are fresh', async () => {
      const page = await samples();
      const [held, paused] = ['ssf_queue_depth{status="held"}', 'ssf_streams{status="paused"}'];
      return (page.get(held) ?? 0) > 0 && (page.get(paused) ?? 0) > 0 && page;
    });

    for (const name of [
      'ssf_queue_depth{status="pending"}',
      'ssf_queue_oldest_seconds',
      'ssf_streams_failing',
    ])
      expect(now.has(name), name).toBe(true);
    expect(now.get('ssf_signing_key_age_seconds{algorithm="ES256"}')).toBeGreaterThan(0);
    expect(now.get('ssf_last_tick_timestamp_seconds')).toBeGreaterThan(Date.now() / 1000 - 60);
    expect(now.get('ssf_tick_duration_seconds_count')).toBeGreaterThan(0);
    expect(now.has('ssf_leases')).toBe(true);
    expect([...now.keys()].filter((name) => name.startsWith('ssf_build_info{version="'))).toHaveLength(1);
    expect(now.get('process_cpu_seconds_total')).toBeGreaterThan(0);
  });

  it('has labels of few values alone: no user, no SET, no stream, no URL', async () => {
    const names = [...(await samples()).keys()].flatMap((name) =>
      [...name.matchAll(/[{,](\w+)="/g)].map(([, label]) => label),
    );

    expect([...LABELS, ...OF_THE_PROCESS]).toEqual(expect.arrayContaining([...new Set(names)]));
  });

  it.each(['alerts.yaml', 'grafana-dashboard.json'])(
    'has every metric that deploy/%s looks at',
    async (file) => {
      const text = await readFile(new URL(`../../../deploy/${file}`, import.meta.url), 'utf8');
      const { text: page } = await call(`${transmitter.baseUrl}/metrics`);
      const known = new Set([...page.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
      const named = text.match(/\b(?:ssf|process|nodejs)_[a-z0-9_]+/g) ?? [];
      expect(named.length).toBeGreaterThan(8);
      const unknown = named.filter((name) => !known.has(name) && !known.has(name.replace(/_bucket$/, '')));
      expect(unknown).toEqual([]);
    },
  );
});
