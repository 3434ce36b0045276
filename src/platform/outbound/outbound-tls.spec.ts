import { createServer } from 'node:tls';
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  EXPIRED_CERTIFICATE,
  TEST_CA,
  TEST_CERTIFICATE,
  TEST_CERTIFICATE_KEY,
} from './test-certificate.fixture.js';
import { post, TestReceivers } from './test-receiver.fixture.js';

const receivers = new TestReceivers(onTestFinished);
const resolveHost = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
const trusting = () =>
  receivers.loopbackClient({ extraCa: TEST_CA, connectionsPerOrigin: 1 }, { resolveHost });

describe('OutboundHttp over TLS', () => {
  it('refuses a certificate of an unknown authority', async () => {
    let requests = 0;
    const port = await receivers.https(() => (requests += 1));

    const answer = await post(
      receivers.loopbackClient({}, { resolveHost }),
      `https://receiver.test:${port}/`,
    );

    expect(answer).toMatchObject({ kind: 'network', code: 'tls_failure' });
    expect(requests).toBe(0);
  });

  it('refuses it also when the environment switches verification off', async () => {
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    onTestFinished(() => {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    });
    const port = await receivers.https((_request, response) => response.writeHead(202).end());

    const answer = await post(
      receivers.loopbackClient({}, { resolveHost }),
      `https://receiver.test:${port}/`,
    );

    expect(answer).toMatchObject({ code: 'tls_failure' });
  });

  it('trusts the extra authority, and sends the name as SNI', async () => {
    const names: unknown[] = [];
    const port = await receivers.https((request, response) => {
      names.push('servername' in request.socket ? request.socket.servername : undefined);
      response.writeHead(202).end();
    });

    const answer = await post(trusting(), `https://receiver.test:${port}/`);

    expect(answer).toMatchObject({ kind: 'response', status: 202 });
    expect(names).toEqual(['receiver.test']);
  });

  it.each(['other.test', '127.0.0.1'])('refuses the certificate of another name for %s', async (host) => {
    const port = await receivers.https((_request, response) => response.writeHead(202).end());

    const answer = await post(trusting(), `https://${host}:${port}/`);

    expect(answer).toMatchObject({ kind: 'network', code: 'tls_failure' });
  });

  it('refuses a certificate that has expired', async () => {
    let requests = 0;
    const port = await receivers.https(() => (requests += 1), EXPIRED_CERTIFICATE);

    const answer = await post(trusting(), `https://receiver.test:${port}/`);

    expect(answer).toMatchObject({
      code: 'tls_failure',
      message: 'the TLS connection failed (CERT_HAS_EXPIRED)',
    });
    expect(requests).toBe(0);
  });

  it('refuses TLS 1.1', async () => {
    const server = createServer({
      cert: TEST_CERTIFICATE,
      key: TEST_CERTIFICATE_KEY,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    }).on('tlsClientError', () => {});
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;

    await expect(post(trusting(), `https://receiver.test:${port}/`)).resolves.toMatchObject({
      code: 'tls_failure',
    });
  });

  it('reports a server that does not speak TLS', async () => {
    const port = await receivers.http((_request, response) => response.end());

    await expect(post(trusting(), `https://receiver.test:${port}/`)).resolves.toMatchObject({
      code: 'tls_failure',
    });
  });

  it('reports a connection that is closed during the handshake', async () => {
    const port = await receivers.tcp((socket) => socket.once('data', () => socket.resetAndDestroy()));

    await expect(post(trusting(), `https://receiver.test:${port}/`)).resolves.toMatchObject({
      code: 'connection_reset',
    });
  });

  it.each(['reset', 'closed'])('retries at once when a kept-alive connection is %s', async (how) => {
    let requests = 0;
    const tunnels: Socket[] = [];
    const serverPort = await receivers.https((request, response) => {
      requests += 1;
      if (requests !== 2) response.writeHead(202).end();
      else if (how === 'closed') request.socket.end();
      else tunnels[0]?.resetAndDestroy();
    });
    // The server is reached through a tunnel, so that TCP can be reset without a word of TLS.
    const port = await receivers.tcp((socket) => {
      tunnels.push(socket);
      const upstream = connect(serverPort, '127.0.0.1').on('error', () => socket.destroy());
      socket.pipe(upstream).pipe(socket);
      onTestFinished(() => void upstream.destroy());
    });
    const outbound = trusting();
    await post(outbound, `https://receiver.test:${port}/`);

    const answer = await post(outbound, `https://receiver.test:${port}/`);

    expect(answer).toMatchObject({ kind: 'response', status: 202 });
    expect([requests, tunnels.length]).toEqual([3, 2]);
  });
});
