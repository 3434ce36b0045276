import fc from 'fast-check';
import { expect } from 'vitest';
import type { TestDatabase } from './database.js';
import type { Fleet } from './fleet.js';
import { expectStatus } from './http.js';
import { makeDue } from './queue.js';
import { PUSH } from './receiver-client.js';
import type { Connection } from './scenario.js';
import type { ReceivedSet } from './test-receiver.js';
import type { Transmitter } from './transmitter.js';
import { until } from './until.js';

const USERS = 3;
const EVENT = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';

/** What one stream owes its receiver, by the plain rules of SSF 1.0 section 8.1.2. */
interface ModelStream {
  status: 'enabled' | 'paused' | 'disabled';
  /** signals whose SETs have to arrive, in the order in which they were recorded */
  owed: string[];
  /** those that may have been dropped when the stream was disabled or deleted, and may have arrived before */
  forgiven: Set<string>;
  /** recorded since it was paused: not to arrive before it is enabled */
  held: string[];
  /** recorded while it was disabled: never to arrive */
  lost: string[];
}

/** The reference: no queue, no time, no processes. */
export interface Model {
  readonly streams: ModelStream[];
  recorded: number;
}

/** The product: servers, their database, receivers. */
export interface Real {
  readonly run: string;
  readonly fleet: Fleet;
  readonly database: TestDatabase;
  readonly connections: readonly Connection[];
  /** the ids of the streams, which change when one is deleted and made anew */
  readonly streamIds: string[];
  crashes: number;
}

type Command = fc.AsyncCommand<Model, Real>;

export function newModel(streams: number): Model {
  return {
    streams: Array.from({ length: streams }, () => ({
      status: 'enabled',
      owed: [],
      forgiven: new Set(),
      held: [],
      lost: [],
    })),
    recorded: 0,
  };
}

/** Record, pause, resume, disable, delete, fail, heal, crash: any number of them, in any order. */
export function deliveryCommands(streams: number, maxCommands: number): fc.Arbitrary<Iterable<Command>> {
  const stream = fc.nat({ max: streams - 1 });
  const user = fc.nat({ max: USERS - 1 });
  const count = fc.integer({ min: 1, max: 8 });
  const recording = fc.tuple(user, count).map(([of, signals]) => new Record(of, signals));
  return fc.commands(
    [
      recording,
      recording,
      recording,
      stream.map((of) => new SetStatus(of, 'paused')),
      stream.map((of) => new SetStatus(of, 'enabled')),
      stream.map((of) => new SetStatus(of, 'enabled')),
      stream.map((of) => new SetStatus(of, 'disabled')),
      stream.map((of) => new Delete(of)),
      stream.map((of) => new Fail(of)),
      stream.map((of) => new Heal(of)),
      fc.nat({ max: 1 }).map((of) => new Crash(of)),
    ],
    { maxCommands, size: 'max' },
  );
}

/** Lets everything come to its end, and compares the receivers with the model. Answers how many SETs came twice. */
export async function compare(model: Model, real: Real): Promise<number> {
  for (const [index, { status }] of model.streams.entries()) {
    await new Heal(index).run(model, real);
    if (status !== 'enabled') await new SetStatus(index, 'enabled').run(model, real);
  }
  await until(
    'everything that is owed',
    () => model.streams.every(({ owed }, index) => missing(owed, real, index).length === 0),
    30_000,
  ).catch((error: unknown) => {
    const left = model.streams.map(({ owed }, index) => missing(owed, real, index));
    throw new Error(`lost: ${JSON.stringify(left)}`, { cause: error });
  });
  let duplicates = 0;
  for (const [index, { owed, forgiven, lost }] of model.streams.entries()) {
    const all = arrived(real, index);
    const first = [...new Set(all)];
    duplicates += all.length - first.length;
    expect(first.filter((txn) => lost.includes(txn))).toEqual([]);
    expect(first.filter((txn) => !owed.includes(txn) && !forgiven.has(txn))).toEqual([]);
    for (let user = 0; user < USERS; user += 1) {
      const own = first.filter((txn) => userOf(txn) === user);
      expect(own).toEqual(own.toSorted((left, right) => numberOf(left) - numberOf(right)));
    }
  }
  return duplicates;
}

function connectionOf([first]: readonly Connection[]): Connection {
  if (!first) throw new Error('there is no connection');
  return first;
}

class Record implements Command {
  constructor(
    private readonly user: number,
    private readonly count: number,
  ) {}

  check(): boolean {
    return true;
  }

  async run(model: Model, { run, fleet, connections }: Real): Promise<void> {
    const signals = Array.from({ length: this.count }, () => {
      model.recorded += 1;
      const txn = `${run}:${model.recorded}:${this.user}`;
      return { id: txn, txn, subject: { user: { id: `${run}-user-${this.user}` } } };
    });
    const recorded = await fleet.admin.recordAll(
      signals.map((signal) => connectionOf(connections).signal(signal)),
    );
    // what the streams are like when a signal is fanned out decides, so the model waits for that
    for (const { id } of recorded) await fleet.admin.fannedOut(id);
    for (const stream of model.streams)
      for (const { txn } of signals) {
        if (stream.status === 'disabled') stream.lost.push(txn);
        else stream.owed.push(txn);
        if (stream.status === 'paused') stream.held.push(txn);
      }
  }

  toString(): string {
    return `record ${this.count} of user ${this.user}`;
  }
}

class SetStatus implements Command {
  constructor(
    private readonly index: number,
    private readonly status: ModelStream['status'],
  ) {}

  check({ streams }: Readonly<Model>): boolean {
    return streams[this.index]?.status !== this.status;
  }

  async run({ streams }: Model, real: Real): Promise<void> {
    const stream = streams[this.index];
    if (!stream) return;
    expect(arrived(real, this.index).filter((txn) => stream.held.includes(txn))).toEqual([]);
    const body = { stream_id: real.streamIds[this.index], status: this.status };
    expectStatus(await apiOf(real, this.index).setStatus(body), 200);
    stream.status = this.status;
    stream.held = [];
    if (this.status === 'disabled') forgive(stream);
  }

  toString(): string {
    return `${this.status} ${this.index}`;
  }
}

class Delete implements Command {
  constructor(private readonly index: number) {}

  check(): boolean {
    return true;
  }

  async run({ streams }: Model, real: Real): Promise<void> {
    const stream = streams[this.index];
    const connection = real.connections[this.index];
    if (!stream || !connection) return;
    expectStatus(await connection.api.deleteStream(real.streamIds[this.index] ?? ''), 204);
    const delivery = { method: PUSH, endpoint_url: connection.receiver.url };
    real.streamIds[this.index] = (await connection.api.createdStream({ delivery })).stream_id;
    forgive(stream);
    stream.status = 'enabled';
    stream.held = [];
  }

  toString(): string {
    return `delete ${this.index}`;
  }
}

class Fail implements Command {
  constructor(private readonly index: number) {}

  check(): boolean {
    return true;
  }

  run(_model: Model, { connections }: Real): Promise<void> {
    connections[this.index]?.receiver.behave({ status: 503 });
    return Promise.resolve();
  }

  toString(): string {
    return `fail ${this.index}`;
  }
}

class Heal implements Command {
  constructor(private readonly index: number) {}

  check(): boolean {
    return true;
  }

  async run(_model: Model, { connections, database, streamIds }: Real): Promise<void> {
    const { receiver } = connections[this.index] ?? {};
    receiver?.behave({ status: 202 });
    // what failed a moment ago may begin to wait only now
    await until('no request in flight', () => receiver?.inFlight === 0);
    const streamId = streamIds[this.index] ?? '';
    await until('no stream that waits', async () => {
      await makeDue({ database } as Transmitter, streamId);
      const [row] = await database.query<{ failures: number }>(
        `select q.failures from ssf.stream_queue q
          where q.stream_id = $1 and q.runnable and exists (select from ssf.delivery d where d.stream_id = q.stream_id)`,
        [streamId],
      );
      return (row?.failures ?? 0) === 0;
    });
  }

  toString(): string {
    return `heal ${this.index}`;
  }
}

class Crash implements Command {
  constructor(private readonly index: number) {}

  check(): boolean {
    return true;
  }

  async run(_model: Model, real: Real): Promise<void> {
    const replica = real.fleet.replicas[this.index];
    await replica?.kill();
    await replica?.start();
    real.crashes += 1;
  }

  toString(): string {
    return `crash ${this.index}`;
  }
}

/** Nobody can say any more whether it arrives. */
function forgive(stream: ModelStream): void {
  for (const txn of stream.owed) stream.forgiven.add(txn);
  stream.owed = [];
}

function apiOf({ connections }: Real, index: number): Connection['api'] {
  const api = connections[index]?.api;
  if (!api) throw new Error(`no connection ${index}`);
  return api;
}

/** The signals of this run that came, as often as they came. */
function arrived({ run, connections }: Real, index: number): string[] {
  const receiver = connections[index]?.receiver;
  if (receiver?.refused.length) throw new Error(`not to be believed: ${receiver.refused[0]}`);
  const isOfRun = ({ eventType, claims }: ReceivedSet): boolean =>
    eventType === EVENT && (claims.txn ?? '').startsWith(`${run}:`);
  return (receiver?.received ?? []).filter(isOfRun).map(({ claims }) => claims.txn ?? '');
}

function missing(owed: readonly string[], real: Real, index: number): string[] {
  const have = new Set(arrived(real, index));
  return owed.filter((txn) => !have.has(txn));
}

function numberOf(txn: string): number {
  return Number(txn.split(':')[1]);
}

function userOf(txn: string): number {
  return Number(txn.split(':')[2]);
}
