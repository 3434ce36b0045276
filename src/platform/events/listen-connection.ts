import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import { within } from '../within.js';

const CHECK_EVERY_MS = 30_000;
const ANSWER_MS = 5_000;
const CONNECT_MS = 10_000;
/** A notice comes within milliseconds, or never. */
const PROOF_MS = 1_000;
const RECONNECT_MS = { first: 200, most: 10_000 };
/** A pooler does not change its mode by itself. */
const DEAF_RETRY_MS = 600_000;

const NOTIFY_SQL = 'select pg_notify($1, payload) from unnest($2::text[]) as payload';

export interface ListenOptions {
  readonly channel: string;
  /** asked at each try */
  connection(): ClientConfig;
  /** Runs a statement over whatever other connection to the database there is. */
  query(sql: string, parameters: unknown[]): Promise<unknown>;
  /** Whatever comes on the channel, from anybody who may connect to the database. */
  heard(payload: string): void;
}

/** A notice to ourselves. */
class Proof {
  readonly payload = `proof ${randomUUID()}`;
  hasCome = false;
  private resolve: (() => void) | undefined;
  readonly coming = new Promise<void>((resolve) => (this.resolve = resolve));

  come(): void {
    this.hasCome = true;
    this.resolve?.();
  }
}

/**
 * A connection that LISTENs. It is made again when it breaks, and checked, since a peer that vanished says nothing.
 *
 * A pooler in transaction mode takes the LISTEN and then gives its session to somebody else, so the connection is
 * not believed until a notice that was sent over another one has come. Nothing is asked over it meanwhile: while
 * it asks, such a pooler may lend it the very session that listens.
 */
export class ListenConnection {
  private readonly logger = new Logger('Doorbell');
  private client: Client | undefined;
  private isListening = false;
  private pid: number | undefined;
  private proof: Proof | undefined;
  private timer: NodeJS.Timeout | undefined;
  private reconnectMs = RECONNECT_MS.first;
  private turn: Promise<unknown> = Promise.resolve();
  private hasWarned = false;
  private isClosed = false;

  constructor(private readonly options: ListenOptions) {}

  /**
   * The database's name for this session, which lasts as long as the process; undefined while there is none, or
   * while it is not known to be ours alone.
   */
  get backendPid(): number | undefined {
    return this.pid;
  }

  /** Resolves when it listens, or when the first try has failed; then it goes on trying. */
  async open(): Promise<void> {
    const client = new Client({
      ...this.options.connection(),
      application_name: 'ssf doorbell',
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
    });
    this.client = client;
    client.on('error', (error) => this.lost(client, error));
    client.on('end', () => this.lost(client));
    client.on('notification', ({ payload = '' }) => this.receive(payload));
    try {
      await client.connect();
      await client.query(`listen ${this.options.channel}`);
    } catch (error) {
      this.lost(client, error);
      return;
    }
    this.isListening = true;
    this.reconnectMs = RECONNECT_MS.first;
    this.checkIn(0, client);
  }

  async notify(payloads: readonly string[]): Promise<void> {
    const parameters = [this.options.channel, payloads];
    if (!this.client || !this.isListening) await this.options.query(NOTIFY_SQL, parameters);
    else await this.inTurn(this.client, (client) => client.query(NOTIFY_SQL, parameters));
  }

  /** A connection takes one query at a time. */
  private inTurn<Result>(client: Client, ask: (client: Client) => Promise<Result>): Promise<Result> {
    const answer = this.turn.then(() => ask(client));
    this.turn = answer.catch(() => undefined);
    return answer;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.forget()?.end();
  }

  private receive(payload: string): void {
    if (payload === this.proof?.payload) this.proof.come();
    else this.options.heard(payload);
  }

  private checkIn(milliseconds: number, client: Client): void {
    if (this.client !== client) return;
    this.timer = setTimeout(() => {
      this.check(client).then(
        () => this.checkIn(CHECK_EVERY_MS, client),
        (error: unknown) => this.lost(client, error),
      );
    }, milliseconds).unref();
  }

  /** Throws when the connection does not answer. */
  private async check(client: Client): Promise<void> {
    const pid = await this.inTurn(client, askForPid);
    if (this.pid !== undefined) return;
    switch (await this.hears(client)) {
      case 'yes':
        if (this.client === client) this.pid = pid;
        break;
      case 'no':
        this.isDeaf(client);
        break;
      case 'unclear': // the next check asks again
        break;
    }
  }

  private async hears(client: Client): Promise<'yes' | 'no' | 'unclear'> {
    const proof = new Proof();
    this.proof = proof;
    try {
      await within(ANSWER_MS, this.options.query(NOTIFY_SQL, [this.options.channel, [proof.payload]]));
    } catch (error) {
      this.logger.debug({ err: error }, 'could not find out whether doorbells are heard');
      return 'unclear';
    }
    await Promise.race([proof.coming, delay(PROOF_MS, undefined, { ref: false })]);
    if (proof.hasCome) return 'yes';
    // the answer comes after all that was notified before: now it is not for want of time that nothing came
    await this.inTurn(client, askForPid);
    return proof.hasCome ? 'unclear' : 'no';
  }

  private isDeaf(client: Client): void {
    if (this.client !== client) return;
    this.forget();
    if (!this.hasWarned)
      this.logger.warn(
        { event: 'doorbell.deaf' },
        'LISTEN is accepted, but nothing is heard, as behind a pooler in transaction mode: what other processes do is ' +
          'found by the sweep alone. Name a direct connection in SSF_LISTEN_DATABASE_URL (option listenDatabaseUrl).',
      );
    this.hasWarned = true;
    // most likely the same session, which would go on to hear what nobody takes from it
    client.query(`unlisten ${this.options.channel}`).catch((error: unknown) => this.closing(error));
    this.end(client);
    this.openIn(DEAF_RETRY_MS);
  }

  private lost(client: Client, error?: unknown): void {
    if (this.isClosed || this.client !== client) return;
    this.forget();
    this.logger.warn(
      { err: error, retryMs: this.reconnectMs },
      'doorbell connection lost, the sweep goes on',
    );
    this.end(client);
    this.openIn(this.reconnectMs);
    this.reconnectMs = Math.min(this.reconnectMs * 2, RECONNECT_MS.most);
  }

  private openIn(milliseconds: number): void {
    this.timer = setTimeout(() => {
      this.open().catch((error: unknown) => this.logger.error({ err: error }, 'doorbell'));
    }, milliseconds).unref();
  }

  private forget(): Client | undefined {
    const client = this.client;
    clearTimeout(this.timer);
    this.client = undefined;
    this.turn = Promise.resolve();
    this.isListening = false;
    this.pid = undefined;
    return client;
  }

  private end(client: Client): void {
    client.end().catch((error: unknown) => this.closing(error));
  }

  private closing(error: unknown): void {
    this.logger.debug({ err: error }, 'a connection that was given up did not end well');
  }
}

async function askForPid(client: Client): Promise<number | undefined> {
  const { rows } = await within(ANSWER_MS, client.query<{ pid: number }>('select pg_backend_pid() as pid'));
  return rows[0]?.pid;
}
