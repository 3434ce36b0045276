import type { AdminApi } from './admin-api.js';
import { preciseNow, type ReceivedSet } from './messages.js';
import * as print from './print.js';
import type { ReceiverProcess } from './receiver-process.js';
import {
  APPLICATION,
  type DemoSignal,
  EVENTS,
  EVERYDAY,
  LAST,
  PROVIDER,
  REFUSED,
  SUBJECT,
} from './signals.js';
import type { TransmitterProcess } from './transmitter-process.js';
import { DemoError, until } from './waiting.js';

const ANSWER_SECONDS = 15;
/** After a restart: the back-off of the stream, and at worst the lease of the killed process, pass first. */
const AFTER_RESTART_SECONDS = 45;

export interface Cast {
  readonly transmitter: TransmitterProcess;
  readonly receiver: ReceiverProcess;
  readonly admin: AdminApi;
  /** aborted with the reason when the demo cannot go on */
  readonly ending: AbortSignal;
}

/** A signal that was answered with 202. */
interface Recorded {
  readonly signal: DemoSignal;
  readonly id: string;
  readonly postedAt: number;
}

interface Arrival extends Recorded {
  readonly set: ReceivedSet;
  readonly milliseconds: number;
}

interface SetView {
  readonly status: string;
  readonly eventType: string;
  readonly attempts: readonly {
    readonly attempt: number;
    readonly outcome: string;
    readonly httpStatus: number | null;
    readonly durationMs: number | null;
  }[];
}

/** The demo from beginning to end; throws when something does not arrive. */
export async function tellStory(cast: Cast, startedAt: number): Promise<void> {
  print.title('Shared Signals Framework 1.0: from an identity provider to a receiver, live');
  print.step('The transmitter starts, with a new and empty database');
  await start(cast);
  print.step('An administrator sets up a provider (the issuer) and an application (the receiver)');
  const { issuer, token } = await setUp(cast);
  print.step('The receiver, a process of its own, finds the transmitter and subscribes');
  const streamId = await subscribe(cast, issuer, token);
  print.step('Five things happen at the identity provider');
  const arrivals: Arrival[] = [];
  for (const signal of EVERYDAY)
    arrivals.push(await arrive(cast, await record(cast, signal), ANSWER_SECONDS));
  print.step('The receiver is down, and then the transmitter is killed');
  const { refused, refusedJti, last } = await crash(cast, streamId);
  print.step('The transmitter starts again on the same data');
  await start(cast);
  const late = [];
  for (const recorded of [refused, last]) {
    print.line();
    late.push(await arrive(cast, recorded, AFTER_RESTART_SECONDS));
  }
  if (late[0]?.set.claims.jti !== refusedJti) throw new DemoError('the SET came again with another jti');
  await showAttempts(cast, late);
  print.step('What arrived');
  summarise([...arrivals, ...late], startedAt);
}

async function start({ transmitter, ending }: Cast): Promise<void> {
  const from = performance.now();
  await transmitter.start({ ending });
  const seconds = ((performance.now() - from) / 1000).toFixed(1);
  print.line(`node dist/main.js, process ${transmitter.pid}, embedded PostgreSQL`);
  print.line(`${transmitter.baseUrl}, ready after ${seconds} s`);
}

async function setUp({ admin }: Cast): Promise<{ issuer: string; token: string }> {
  const provider = await admin.post<{ id: string; issuer: string }>('/api/v1/providers', PROVIDER);
  print.exchange('POST /api/v1/providers', provider.status, provider.body.issuer);
  const application = await admin.post<{ id: string }>('/api/v1/applications', {
    ...APPLICATION,
    providerId: provider.body.id,
  });
  print.exchange('POST /api/v1/applications', application.status, `audience ${APPLICATION.audience}`);
  const path = `/api/v1/applications/${application.body.id}/tokens`;
  const token = await admin.post<{ token: string }>(path, { name: 'demo', scopes: ['ssf.manage'] });
  print.exchange('POST /api/v1/applications/{id}/tokens', token.status, 'scope ssf.manage');
  return { issuer: provider.body.issuer, token: token.body.token };
}

/** Returns the stream when the verification event has come with the state that was asked for. */
async function subscribe({ receiver, ending }: Cast, issuer: string, token: string): Promise<string> {
  const patience = { seconds: ANSWER_SECONDS, ending };
  const showAnswer = async (what: string): Promise<void> => {
    const { request, status, note } = await receiver.next('answered', { what, ...patience });
    print.exchange(request, status, note);
  };
  await receiver.next('listening', { what: 'the receiver', ...patience });
  receiver.tell({ do: 'subscribe', issuer, token, events: EVENTS });
  await showAnswer('the metadata');
  await showAnswer('the new stream');
  await showAnswer('an accepted verification request');
  const { streamId, state, at } = await receiver.next('verifying', { what: 'the state', ...patience });
  const what = `the verification event with the state ${state}`;
  const { set } = await receiver.next('received', { what, ...patience }, (report) =>
    Object.values(report.set.claims.events).some((event) => event.state === state),
  );
  print.line();
  print.set(set, set.receivedAt - at);
  return streamId;
}

async function record({ admin }: Cast, signal: DemoSignal): Promise<Recorded> {
  print.signal(signal.type, signal.story);
  const postedAt = preciseNow();
  const { body } = await admin.post<{ data: { id: string }[] }>('/api/v1/signals', {
    provider: PROVIDER.slug,
    type: signal.type,
    subject: SUBJECT,
    ...signal.members,
  });
  const [recorded] = body.data;
  if (!recorded) throw new DemoError('POST /api/v1/signals answered without an id');
  return { signal, id: recorded.id, postedAt };
}

/** The `txn` of a SET is the id of its signal, unless the signal names another. */
async function arrive({ receiver, ending }: Cast, recorded: Recorded, seconds: number): Promise<Arrival> {
  const what = `the SET for ${recorded.signal.type}`;
  const { set } = await receiver.next(
    'received',
    { what, seconds, ending },
    (report) => report.set.claims.txn === recorded.id,
  );
  const milliseconds = set.receivedAt - recorded.postedAt;
  print.set(set, milliseconds);
  return { ...recorded, set, milliseconds };
}

async function crash(
  cast: Cast,
  streamId: string,
): Promise<{ refused: Recorded; refusedJti: string; last: Recorded }> {
  const { transmitter, receiver, admin, ending } = cast;
  const patience = { seconds: ANSWER_SECONDS, ending };
  receiver.tell({ do: 'refuse' });
  await receiver.next('refusing', { what: 'the receiver', ...patience });
  print.line('The receiver answers 503 from now on.');
  const refused = await record(cast, REFUSED);
  const { jti } = await receiver.next('refused', { what: 'a first try', ...patience });
  print.line(`  answered with 503: jti ${jti}`);
  const retryAt = await until(() => backingOffUntil(admin, streamId), { what: 'a back-off', ...patience });
  const seconds = Math.round((Date.parse(retryAt) - Date.now()) / 1000);
  print.line(`  the stream waits, its next try is in about ${seconds} s`);
  const last = await record(cast, LAST);
  await transmitter.kill();
  print.line(`  answered with 202, and SIGKILL for process ${transmitter.pid} right after it`);
  receiver.tell({ do: 'accept' });
  await receiver.next('accepting', { what: 'the receiver', ...patience });
  print.line();
  print.line('The transmitter is gone, with two SETs undelivered. The receiver is up again.');
  return { refused, refusedJti: jti, last };
}

async function backingOffUntil(admin: AdminApi, streamId: string): Promise<string | undefined> {
  const { health } = await admin.get<{ health: { retryAt: string | null } }>(`/api/v1/streams/${streamId}`);
  return health.retryAt ?? undefined;
}

/** A receiver knows a moment before the transmitter that a SET has arrived. */
async function showAttempts({ admin, ending }: Cast, arrivals: readonly Arrival[]): Promise<void> {
  print.line();
  print.line('GET /api/v1/sets/{jti} tells how they got there:');
  const rows = [['jti', 'status', 'attempt', 'HTTP', 'outcome']];
  for (const { set, signal } of arrivals) {
    const { jti } = set.claims;
    const what = `the status "delivered" of the SET for ${signal.type}`;
    const patience = { what, seconds: ANSWER_SECONDS, ending };
    const view = await until(() => deliveredSet(admin, jti), patience);
    for (const [index, { attempt, httpStatus, outcome }] of view.attempts.entries())
      rows.push([
        ...(index === 0 ? [jti, view.status] : ['', '']),
        `${attempt}`,
        `${httpStatus ?? ''}`,
        outcome,
      ]);
  }
  print.table(rows);
}

async function deliveredSet(admin: AdminApi, jti: string): Promise<SetView | undefined> {
  const view = await admin.get<SetView>(`/api/v1/sets/${jti}`);
  return view.status === 'delivered' ? view : undefined;
}

function summarise(arrivals: readonly Arrival[], startedAt: number): void {
  const rows = arrivals.map(({ signal, set, milliseconds }) => [
    signal.type,
    print.eventName(Object.keys(set.claims.events)[0] ?? ''),
    String(Math.round(milliseconds)),
    signal === REFUSED ? 'sent again, with the same jti' : '',
  ]);
  const last = rows.at(-1);
  if (last) last[3] = 'recorded just before the kill';
  print.table([['signal', 'event', 'ms', ''], ...rows]);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  print.success(
    `everything arrived: ${arrivals.length} signals, ${arrivals.length} verified SETs, ${seconds} s in all`,
  );
}
