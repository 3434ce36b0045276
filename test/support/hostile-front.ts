import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { GOOD, KEY } from './certificates.js';
import type { TestReceiver } from './test-receiver.js';

/** What is done to a connection on which a whole request has come. */
export type Misbehaviour = (connection: Duplex) => void;

export interface FrontOptions {
  readonly misbehave: Misbehaviour;
  /** the endpoint is an https one */
  readonly isTls?: boolean;
  /** PEM; undefined: speaks plainly where TLS is expected */
  readonly certificate?: string;
  /** does not wait for a request */
  readonly greets?: boolean;
}

/** Stands before a receiver and misbehaves until it is healed; then it lets everything through. */
export class HostileFront {
  /** connections that were treated badly */
  victims = 0;
  private readonly sockets = new Set<Socket>();
  private receiver: TestReceiver | undefined;

  private constructor(
    private readonly server: Server,
    private readonly options: FrontOptions,
  ) {}

  static async start(options: FrontOptions): Promise<HostileFront> {
    const server = createServer({ allowHalfOpen: false });
    const front = new HostileFront(server, options);
    server.on('connection', (socket) => front.accept(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => front.close());
    return front;
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `${this.options.isTls ? 'https://localhost' : 'http://127.0.0.1'}:${port}/events`;
  }

  /** From now on it leads to this receiver. */
  heal(receiver: TestReceiver): void {
    this.receiver = receiver;
    for (const socket of this.sockets) socket.destroy();
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const { isTls, misbehave, greets } = this.options;
    const certificate = this.receiver ? GOOD : this.options.certificate;
    const connection =
      isTls && certificate !== undefined
        ? new TLSSocket(socket, { isServer: true, cert: certificate, key: KEY })
        : socket;
    connection.on('error', () => socket.destroy());
    if (this.receiver) return passOn(connection, this.receiver);
    this.victims += 1;
    if (greets) misbehave(connection);
    else afterRequest(connection, () => misbehave(connection));
  }

  private async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}

function passOn(connection: Duplex, receiver: TestReceiver): void {
  const onward = connect(Number(new URL(receiver.origin).port), '127.0.0.1');
  onward.on('error', () => connection.destroy());
  onward.on('close', () => connection.destroy());
  connection.on('close', () => onward.destroy());
  connection.pipe(onward).pipe(connection);
}

function afterRequest(connection: Duplex, then: () => void): void {
  let request = '';
  connection.on('data', (chunk: Buffer) => {
    request += chunk.toString('latin1');
    const end = request.indexOf('\r\n\r\n');
    const length = /^content-length: (\d+)/im.exec(request)?.[1];
    if (end < 0 || length === undefined || request.length < end + 4 + Number(length)) return;
    request = '';
    then();
  });
}
