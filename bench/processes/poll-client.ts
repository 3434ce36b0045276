import { Client } from 'undici';
import { machineMs } from '../support/clock.js';
import { serve } from './serve.js';

/** Connections that are being opened at a time: it is not the rush that is measured. */
const OPENED_AT_A_TIME = 8;

export interface PolledStream {
  readonly path: string;
  readonly token: string;
}

export interface PollTarget {
  readonly baseUrl: string;
  readonly streams: readonly PolledStream[];
}

/** Of the streams, by their number; `to` is not in it. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface PolledSet {
  readonly jti: string;
  readonly txn: string | undefined;
  /** when the answer that held it was read, by the machine's clock */
  readonly at: number;
}

/** Receivers that poll (RFC 8936), each over a connection of its own: an answer is acknowledged with the next poll. */
class PollReceivers {
  private baseUrl = '';
  private streams: readonly PolledStream[] = [];
  private readonly answers: { readonly token: string; readonly at: number }[] = [];
  private held = 0;
  private failure: Error | undefined;

  open({ baseUrl, streams }: PollTarget): void {
    this.baseUrl = baseUrl;
    this.streams = streams;
  }

  /** Long polls of these streams from now on; each connection is tried with a poll that is answered at once. */
  async hold({ from, to }: Range): Promise<void> {
    const streams = this.streams.slice(from, to).values();
    await Promise.all(
      Array.from({ length: OPENED_AT_A_TIME }, async () => {
        for (const stream of streams) {
          const client = this.connect();
          await this.poll(client, stream, [], true);
          this.follow(client, stream).catch((error: unknown) => {
            this.failure ??= new Error('a poll failed', { cause: error });
          });
        }
      }),
    );
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

  private connect(): Client {
    return new Client(this.baseUrl, { pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
  }

  private async follow(client: Client, stream: PolledStream): Promise<void> {
    let ack: string[] = [];
    for (;;) {
      this.held += 1;
      const sets = await this.poll(client, stream, ack, false);
      this.held -= 1;
      const at = machineMs();
      for (const token of Object.values(sets)) this.answers.push({ token, at });
      ack = Object.keys(sets);
    }
  }

  private async poll(
    client: Client,
    { path, token }: PolledStream,
    ack: readonly string[],
    returnImmediately: boolean,
  ): Promise<Record<string, string>> {
    const { statusCode, body } = await client.request({
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

const receivers = new PollReceivers();

const commands = {
  open: (target: PollTarget) => receivers.open(target),
  hold: (range: Range) => receivers.hold(range),
  waiting: () => receivers.waiting(),
  received: () => receivers.received(),
  tokens: () => receivers.tokens(),
};

export type PollClientCommands = typeof commands;

serve(commands);
