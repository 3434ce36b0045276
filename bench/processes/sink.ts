import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { machineMs } from '../support/clock.js';
import { serve } from './serve.js';

/** `hang` takes the request and never answers; `fail` answers 503. Neither counts as received. */
export type SinkBehaviour = 'accept' | 'hang' | 'fail';

/** What came since the last reset. */
export interface SinkSummary {
  readonly received: number;
  /** SETs with a jti that came before */
  readonly duplicates: number;
  /** when the first and the last SET came that was not there before; by the machine's clock */
  readonly firstAt: number;
  readonly lastAt: number;
  /** requests by port, whatever became of them */
  readonly requests: readonly number[];
  /** the most connections that were open at a time */
  readonly connections: number;
}

export interface Arrival {
  readonly jti: string;
  readonly txn: string | undefined;
  readonly at: number;
  readonly port: number;
}

/**
 * Receivers of pushed SETs, all in one process: they answer 202 (RFC 8935 section 2.2) and keep what came. Reading it
 * waits until it is asked for, so that receivers take little of the time that is measured.
 */
class Sink {
  private readonly servers: Server[] = [];
  private behaviours: SinkBehaviour[] = [];
  private bodies: Buffer[] = [];
  private times: number[] = [];
  private ports: number[] = [];
  private requests: number[] = [];
  private open = 0;
  private mostOpen = 0;
  /** what waits for so many bodies */
  private awaited: { readonly count: number; readonly arrived: () => void } | undefined;

  async listen(count: number): Promise<number[]> {
    for (let index = 0; index < count; index += 1) this.servers.push(await this.start(index));
    this.reset();
    return this.servers.map((server) => (server.address() as AddressInfo).port);
  }

  reset(): void {
    this.bodies = [];
    this.times = [];
    this.ports = [];
    this.requests = this.servers.map(() => 0);
    this.behaviours = this.servers.map((_, index) => this.behaviours[index] ?? 'accept');
    this.mostOpen = this.open;
  }

  behave(indexes: readonly number[], behaviour: SinkBehaviour): void {
    for (const index of indexes) this.behaviours[index] = behaviour;
  }

  /** Answers how many came, once they are so many or the time is over. */
  async wait(count: number, deadlineMs: number): Promise<number> {
    if (this.bodies.length < count) {
      // looking every other moment would take a share of the cores that no bare loop has to bear
      await new Promise<void>((resolve) => {
        const deadline = setTimeout(resolve, deadlineMs);
        this.awaited = {
          count,
          arrived: () => {
            clearTimeout(deadline);
            resolve();
          },
        };
      });
      this.awaited = undefined;
    }
    return this.bodies.length;
  }

  summary(): SinkSummary {
    const arrivals = this.arrivals();
    return {
      received: this.bodies.length,
      duplicates: this.bodies.length - arrivals.length,
      firstAt: arrivals[0]?.at ?? Number.NaN,
      lastAt: arrivals.at(-1)?.at ?? Number.NaN,
      requests: this.requests,
      connections: this.mostOpen,
    };
  }

  /** Each SET when it came first. */
  arrivals(): Arrival[] {
    const seen = new Set<string>();
    return this.bodies.flatMap((body, index) => {
      const { jti, txn } = claimsOf(body);
      if (seen.has(jti)) return [];
      seen.add(jti);
      return [{ jti, txn, at: this.times[index] ?? Number.NaN, port: this.ports[index] ?? -1 }];
    });
  }

  /** Some of the SETs as they were signed, evenly spread. */
  sample(count: number): string[] {
    const step = Math.max(1, Math.floor(this.bodies.length / count));
    return this.bodies.filter((_, index) => index % step === 0).map((body) => body.toString('latin1'));
  }

  private async start(index: number): Promise<Server> {
    // no connection is closed between two rounds
    const server = createServer({ keepAliveTimeout: 120_000, noDelay: true }, (request, response) =>
      this.take(index, request, response),
    );
    server.on('connection', (socket) => {
      this.open += 1;
      this.mostOpen = Math.max(this.mostOpen, this.open);
      socket.on('close', () => (this.open -= 1));
    });
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
    await once(server, 'listening');
    return server;
  }

  private take(index: number, request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.requests[index] = (this.requests[index] ?? 0) + 1;
      const behaviour = this.behaviours[index];
      if (behaviour === 'hang') return;
      if (behaviour === 'accept') {
        this.bodies.push(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
        this.times.push(machineMs());
        this.ports.push(index);
        if (this.bodies.length === this.awaited?.count) this.awaited.arrived();
      }
      response.writeHead(behaviour === 'accept' ? 202 : 503).end();
    });
  }
}

/** RFC 7519 section 7.2, without the verification: a sample is verified by whoever asks for it. */
function claimsOf(body: Buffer): { jti: string; txn?: string } {
  const payload = body.toString('latin1').split('.')[1] ?? '';
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as { jti: string; txn?: string };
}

const sink = new Sink();

const commands = {
  listen: (count: number) => sink.listen(count),
  reset: () => sink.reset(),
  behave: ({ indexes, behaviour }: { indexes: readonly number[]; behaviour: SinkBehaviour }) =>
    sink.behave(indexes, behaviour),
  wait: ({ count, deadlineMs }: { count: number; deadlineMs: number }) => sink.wait(count, deadlineMs),
  summary: () => sink.summary(),
  arrivals: () => sink.arrivals(),
  sample: (count: number) => sink.sample(count),
};

export type SinkCommands = typeof commands;

serve(commands);
