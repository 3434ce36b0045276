import { Pool } from 'undici';
import { machineMs } from '../support/clock.js';
import { serve } from './serve.js';

export interface PolledStream {
  readonly path: string;
  readonly token: string;
}

export interface PollTarget {
  readonly baseUrl: string;
  readonly streams: readonly PolledStream[];
}

export interface PolledSet {
  readonly jti: string;
  readonly txn: string | undefined;
  /** when the answer that held it was read, by the machine's clock */
  readonly at: number;
}

/** Receivers that poll (RFC 8936), each over a connection of its own: an answer is acknowledged with the next poll. */
class PollClient {
  private pool: Pool | undefined;
  private streams: readonly PolledStream[] = [];
  private readonly answers: { readonly token: string; readonly at: number }[] = [];
  private held = 0;
  private failure: Error | undefined;

  open({ baseUrl, streams }: PollTarget): void {
    this.streams = streams;
    this.pool = new Pool(baseUrl, {
      connections: streams.length,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** One poll of each stream that is answered at once, a few at a time. */
  async look(): Promise<void> {
    const streams = this.streams.values();
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (const stream of streams) await this.poll(stream, [], true);
      }),
    );
  }

  /** Long polls of all streams from now on. */
  hold(): void {
    for (const stream of this.streams)
      this.follow(stream).catch((error: unknown) => {
        this.failure ??= new Error('a poll failed', { cause: error });
      });
  }

  /** How many polls wait for their answer. */
  waiting(): number {
    if (this.failure) throw this.failure;
    return this.held;
  }

  received(): PolledSet[] {
    return this.answers.map(({ token, at }) => {
      const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
      const { jti, txn } = JSON.parse(payload) as { jti: string; txn?: string };
      return { jti, txn, at };
    });
  }

  /** As they were signed. */
  tokens(): string[] {
    return this.answers.map(({ token }) => token);
  }

  private async follow(stream: PolledStream): Promise<void> {
    let ack: string[] = [];
    for (;;) {
      this.held += 1;
      const sets = await this.poll(stream, ack, false);
      this.held -= 1;
      const at = machineMs();
      for (const token of Object.values(sets)) this.answers.push({ token, at });
      ack = Object.keys(sets);
    }
  }

  private async poll(
    { path, token }: PolledStream,
    ack: readonly string[],
    returnImmediately: boolean,
  ): Promise<Record<string, string>> {
    if (!this.pool) throw new Error('it was not opened');
    const { statusCode, body } = await this.pool.request({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ ack, returnImmediately }),
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`a poll was answered with ${statusCode}: ${text}`);
    return (JSON.parse(text) as { sets: Record<string, string> }).sets;
  }
}

const client = new PollClient();

const commands = {
  open: (target: PollTarget) => client.open(target),
  look: () => client.look(),
  hold: () => client.hold(),
  waiting: () => client.waiting(),
  received: () => client.received(),
  tokens: () => client.tokens(),
};

export type PollClientCommands = typeof commands;

serve(commands);
