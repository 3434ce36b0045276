import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import {
  createRemoteJWKSet,
  decodeProtectedHeader,
  jwtVerify,
  type JWTVerifyGetKey,
  type ProtectedHeaderParameters,
} from 'jose';
import type { Metadata, SetClaims } from './api-types.js';
import { DEADLINE_MS, until } from './until.js';

/** What came, checked as a receiver checks it. */
export interface ReceivedSet {
  /** by performance.now() */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** the request's body: the SET as it was signed */
  readonly token: string;
  readonly header: ProtectedHeaderParameters;
  readonly claims: SetClaims;
  readonly eventType: string;
  readonly payload: Record<string, unknown>;
}

export type ReceiverAnswer =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | object;
    }
  /** takes the request and never answers */
  | 'hang'
  /** RST */
  | 'reset';

type Behaviour = (set: ReceivedSet) => ReceiverAnswer | Promise<ReceiverAnswer>;

export const ACCEPTED: ReceiverAnswer = { status: 202 };

/** Whom the receiver believes. */
export interface Trust {
  readonly configurationUrl: string;
  readonly issuer: string;
  readonly audience: string | string[];
  /** in place of those that the metadata lead to */
  readonly keys?: JWTVerifyGetKey;
}

/**
 * A receiver of pushed SETs: a real HTTP server that verifies each one with the keys that the transmitter's
 * metadata lead to (RFC 8935 section 2, RFC 8417 section 2.3), and answers as it was told to.
 */
export class TestReceiver {
  /** in the order of their arrival */
  readonly received: ReceivedSet[] = [];
  /** requests whose SET was not to be believed; `next` fails on them */
  readonly refused: string[] = [];
  /** requests that are not answered yet */
  inFlight = 0;
  /** the most that there ever were of those */
  mostInFlight = 0;
  private behaviour: Behaviour = () => ACCEPTED;
  private trust: Trust | undefined;
  private keys: JWTVerifyGetKey | undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<TestReceiver> {
    const server = createServer();
    const receiver = new TestReceiver(server);
    server.on('connection', (socket: Socket) => {
      receiver.sockets.add(socket);
      socket.on('close', () => receiver.sockets.delete(socket));
      // a transmitter that is killed is part of some tests
      socket.on('error', () => socket.destroy());
    });
    server.on('request', (request, response) => {
      receiver.handle(request, response).catch((error: unknown) => {
        receiver.refused.push(String(error));
        response.writeHead(500).end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `${this.origin}/events`;
  }

  /** From now on SETs must be this transmitter's and for this audience. Its keys are fetched anew. */
  believe(trust: Trust): void {
    this.trust = trust;
    this.keys = trust.keys;
  }

  /** How requests are answered from now on. */
  behave(behaviour: ReceiverAnswer | Behaviour): void {
    this.behaviour = typeof behaviour === 'function' ? behaviour : () => behaviour;
  }

  /** Answers the first requests as listed, and those that follow with 202. */
  answerInTurn(...answers: ReceiverAnswer[]): void {
    const left = [...answers];
    this.behave(() => left.shift() ?? ACCEPTED);
  }

  /** Holds every answer back until the returned function is called. */
  hold(answer: ReceiverAnswer = ACCEPTED): () => void {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    this.behave(async () => {
      await released;
      return answer;
    });
    return release;
  }

  /** The first SET, past or to come, that the predicate takes. */
  next(
    predicate: (set: ReceivedSet) => boolean = () => true,
    deadlineMs = DEADLINE_MS,
  ): Promise<ReceivedSet> {
    return until(
      'a SET that arrives at the receiver',
      () => {
        this.complain();
        return this.received.find(predicate);
      },
      deadlineMs,
    );
  }

  /** So many SETs, in the order of their arrival. */
  atLeast(count: number, deadlineMs = DEADLINE_MS): Promise<readonly ReceivedSet[]> {
    return until(
      `${count} SETs that arrive at the receiver`,
      () => {
        this.complain();
        return this.received.length >= count && this.received;
      },
      deadlineMs,
    );
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, 'close');
  }

  private complain(): void {
    if (this.refused.length > 0)
      throw new Error(`SETs that are not to be believed: ${this.refused.join('; ')}`);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = performance.now();
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const token = Buffer.concat(chunks).toString('latin1');
    const claims = await this.verify(token);
    const [[eventType, payload] = ['', {}]] = Object.entries(claims.events);
    const set: ReceivedSet = {
      at,
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      token,
      header: decodeProtectedHeader(token),
      claims,
      eventType,
      payload,
    };
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    this.received.push(set);
    try {
      await this.answer(response, await this.behaviour(set));
    } finally {
      this.inFlight -= 1;
    }
  }

  /** Gets the keys now, for receivers that cannot get them with their first SET: servers may be down by then. */
  async learnKeys(): Promise<void> {
    if (!this.trust) throw new Error('the receiver believes nobody yet');
    await this.publishedKeys(this.trust);
  }

  private async verify(token: string): Promise<SetClaims> {
    if (!this.trust) throw new Error('the receiver believes nobody yet');
    const { issuer, audience } = this.trust;
    const { payload } = await jwtVerify(token, await this.publishedKeys(this.trust), {
      issuer,
      audience,
      typ: 'secevent+jwt',
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
    });
    return payload as unknown as SetClaims;
  }

  private async publishedKeys({ issuer, configurationUrl }: Trust): Promise<JWTVerifyGetKey> {
    if (this.keys) return this.keys;
    const metadata = (await (await fetch(configurationUrl)).json()) as Metadata;
    if (metadata.issuer !== issuer) throw new Error(`the metadata are of another issuer, ${metadata.issuer}`);
    const keys = createRemoteJWKSet(new URL(metadata.jwks_uri));
    await keys.reload();
    this.keys = keys;
    return keys;
  }

  private async answer(response: ServerResponse, answer: ReceiverAnswer): Promise<void> {
    if (answer === 'hang') {
      await once(response, 'close');
      return;
    }
    if (answer === 'reset') {
      response.socket?.resetAndDestroy();
      return;
    }
    const { status, headers, body } = answer;
    const isJson = typeof body === 'object';
    response.writeHead(status, { ...(isJson && { 'content-type': 'application/json' }), ...headers });
    response.end(isJson ? JSON.stringify(body) : body);
  }
}
