import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { serve } from './serve.js';

export interface PlainInserts {
  readonly connectionString: string;
  readonly connections: number;
  /** in one transaction */
  readonly signalsPerCall: number;
  readonly setsPerSignal: number;
}

export interface PlainWork {
  readonly signals: number;
  /** JSON of a subject, and of a SET's claims */
  readonly subject: string;
  readonly claims: string;
}

const TABLES = `
create table plain_signal (id uuid primary key, provider_id uuid not null, type text not null,
  occurred_at timestamptz not null, subject jsonb not null, txn text not null);
create table plain_set (jti uuid primary key, stream_id uuid not null, signal_id uuid not null,
  event_type text not null, claims text not null)`;

/** What has to be written at least: the signals and their SETs as rows, by INSERTs with many rows each. */
class Inserts {
  private pool: pg.Pool | undefined;
  private options: PlainInserts | undefined;
  private readonly providerId = randomUUID();
  private readonly streamIds: string[] = [];

  async open(options: PlainInserts): Promise<void> {
    this.options = options;
    this.pool = new pg.Pool({
      connectionString: options.connectionString,
      max: options.connections,
      ssl: false,
    });
    await this.pool.query(TABLES);
    for (let index = 0; index < options.setsPerSignal; index += 1) this.streamIds.push(randomUUID());
  }

  /** Answers how many signals it wrote in a second. */
  async run(work: PlainWork): Promise<number> {
    const { pool, options } = this;
    if (!pool || !options) throw new Error('it was not opened');
    const startedAt = performance.now();
    let left = work.signals / options.signalsPerCall;
    await Promise.all(
      Array.from({ length: options.connections }, async () => {
        while (left-- > 0) await this.insert(pool, options, work);
      }),
    );
    return (work.signals * 1000) / (performance.now() - startedAt);
  }

  private async insert(pool: pg.Pool, options: PlainInserts, { subject, claims }: PlainWork): Promise<void> {
    const now = new Date();
    const ids = Array.from({ length: options.signalsPerCall }, () => randomUUID());
    const signals = ids.flatMap((id) => [id, this.providerId, 'session.revoked', now, subject, id]);
    const sets = ids.flatMap((id) =>
      this.streamIds.flatMap((streamId) => [randomUUID(), streamId, id, 'session-revoked', claims]),
    );
    const client = await pool.connect();
    try {
      await client.query('begin');
      await client.query(`insert into plain_signal values ${places(ids.length, 6)}`, signals);
      if (sets.length > 0)
        await client.query(
          `insert into plain_set values ${places(ids.length * this.streamIds.length, 5)}`,
          sets,
        );
      await client.query('commit');
    } finally {
      client.release();
    }
  }
}

/** `($1, $2), ($3, $4), ...` */
function places(rows: number, columns: number): string {
  return Array.from(
    { length: rows },
    (_, row) =>
      `(${Array.from({ length: columns }, (__, column) => `$${row * columns + column + 1}`).join()})`,
  ).join();
}

const inserts = new Inserts();

const commands = {
  open: (options: PlainInserts) => inserts.open(options),
  run: (work: PlainWork) => inserts.run(work),
};

export type PlainInsertsCommands = typeof commands;

serve(commands);
