import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer as createTcp, type Server, type Socket } from 'node:net';
import { AddressPolicy } from './address-policy.js';
import { EndpointPolicy, type EndpointPolicyOptions } from './endpoint-policy.js';
import { OutboundHttp, type OutboundOptions } from './outbound-http.js';
import type { PushAnswer } from './push-answer.js';
import { TEST_CERTIFICATE, TEST_CERTIFICATE_KEY } from './test-certificate.fixture.js';

type AtEnd = (close: () => Promise<void>) => void;

/** TEST ONLY: servers on 127.0.0.1 and clients, which close when the test ends. Each answers its port. */
export class TestReceivers {
  readonly #atEnd: AtEnd;

  /** Takes vitest's `onTestFinished`. */
  constructor(atEnd: AtEnd) {
    this.#atEnd = atEnd;
  }

  http(listener: RequestListener): Promise<number> {
    return this.#listen(createHttp(listener));
  }

  https(listener: RequestListener, cert = TEST_CERTIFICATE): Promise<number> {
    return this.#listen(createHttps({ cert, key: TEST_CERTIFICATE_KEY }, listener));
  }

  tcp(onConnection: (socket: Socket) => void): Promise<number> {
    return this.#listen(createTcp(onConnection));
  }

  /** A client that may call loopback and plain http. */
  loopbackClient(options: OutboundOptions = {}, endpoint: Partial<EndpointPolicyOptions> = {}): OutboundHttp {
    return this.#client(true, options, endpoint);
  }

  /** The client of a production installation. */
  strictClient(options: OutboundOptions = {}, endpoint: Partial<EndpointPolicyOptions> = {}): OutboundHttp {
    return this.#client(false, options, endpoint);
  }

  #client(
    development: boolean,
    options: OutboundOptions,
    endpoint: Partial<EndpointPolicyOptions>,
  ): OutboundHttp {
    const addresses = new AddressPolicy({ allowLoopback: development, allowedCidrs: [] });
    const endpoints = new EndpointPolicy(addresses, { allowHttp: development, ...endpoint });
    const outbound = new OutboundHttp(endpoints, { timeoutMs: 5_000, ...options });
    this.#atEnd(() => outbound.close());
    return outbound;
  }

  async #listen(server: Server): Promise<number> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      // A client that goes away is part of several tests.
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#atEnd(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    return address.port;
  }
}

export function post(outbound: OutboundHttp, url: string, signal?: AbortSignal): Promise<PushAnswer> {
  return outbound.post({
    url,
    headers: { 'content-type': 'application/secevent+jwt', accept: 'application/json' },
    body: 'header.payload.signature',
    ...(signal === undefined ? {} : { signal }),
  });
}

/** A promise and the function that resolves it. */
export function signalled(): { happened: Promise<void>; happen: () => void } {
  let happen = () => {};
  const happened = new Promise<void>((resolve) => (happen = resolve));
  return { happened, happen };
}
