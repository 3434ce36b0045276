import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { machineMs } from '../support/clock.js';
import { serve } from './serve.js';

export interface Target {
  readonly baseUrl: string;
  readonly token: string;
  readonly connections: number;
}

export interface Pace {
  /** request bodies, sent in this order */
  readonly bodies: readonly string[];
  readonly perSecond: number;
}

/** An identity provider that records signals through the admin API. */
class SignalClient {
  private pool: Pool | undefined;
  private token = '';

  open({ baseUrl, token, connections }: Target): void {
    this.pool = new Pool(baseUrl, { connections, pipelining: 1, keepAliveTimeout: 60_000 });
    this.token = token;
  }

  /**
   * Sends at this pace, whether or not the answers come: a slow answer delays no later request. Answers when each
   * was sent, by the machine's clock.
   */
  async pace({ bodies, perSecond }: Pace): Promise<number[]> {
    const sent: Promise<number>[] = [];
    const startedAt = performance.now();
    for (const [index, body] of bodies.entries()) {
      const ahead = startedAt + (index * 1000) / perSecond - performance.now();
      if (ahead > 0) await delay(ahead);
      sent.push(this.send(body));
    }
    return Promise.all(sent);
  }

  /** Sends all, over as many connections as there are; answers when the first was sent. */
  async flood(bodies: readonly string[]): Promise<number> {
    const startedAt = machineMs();
    await Promise.all(bodies.map((body) => this.send(body)));
    return startedAt;
  }

  private async send(body: string): Promise<number> {
    if (!this.pool) throw new Error('it was not opened');
    const at = machineMs();
    const answer = await this.pool.request({
      method: 'POST',
      path: '/api/v1/signals',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
      body,
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 202)
      throw new Error(`a signal was answered with ${answer.statusCode}: ${text}`);
    return at;
  }
}

const client = new SignalClient();

const commands = {
  open: (target: Target) => client.open(target),
  pace: (work: Pace) => client.pace(work),
  flood: (bodies: readonly string[]) => client.flood(bodies),
};

export type SignalClientCommands = typeof commands;

serve(commands);
