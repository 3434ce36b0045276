import { describe, expect, it, onTestFinished } from 'vitest';
import { post, signalled, TestReceivers } from './test-receiver.fixture.js';

const receivers = new TestReceivers(onTestFinished);

describe('OutboundHttp: time', () => {
  it('gives up on a receiver that takes the request and says nothing', async () => {
    const { happened, happen } = signalled();
    const port = await receivers.tcp((socket) => socket.on('close', happen).resume());

    const answer = await post(receivers.loopbackClient({ timeoutMs: 50 }), `http://127.0.0.1:${port}/`);

    expect(answer).toMatchObject({ kind: 'network', code: 'timeout' });
    await happened;
  });

  it.each(['HTTP/1.1 500 Slow\r\n', 'HTTP/1.1 500 Slow\r\ncontent-length: 1000\r\n\r\n'])(
    'bounds the whole of a response that drips after %j',
    async (head) => {
      const port = await receivers.tcp((socket) => {
        socket.once('data', () => {
          socket.write(head);
          const timer = setInterval(() => socket.write('x'), 10);
          socket.on('close', () => clearInterval(timer));
        });
      });

      const answer = await post(receivers.loopbackClient({ timeoutMs: 120 }), `http://127.0.0.1:${port}/`);

      expect(answer).toMatchObject({ kind: 'network', code: 'timeout' });
      expect(answer.durationMs).toBeGreaterThanOrEqual(119);
      expect(answer.durationMs).toBeLessThan(1_000);
    },
  );

  it('counts a 2xx whose body drips as delivered', async () => {
    const port = await receivers.tcp((socket) => {
      socket.once('data', () => socket.write('HTTP/1.1 202 Accepted\r\ncontent-length: 1000\r\n\r\nx'));
    });

    await expect(
      post(receivers.loopbackClient({ timeoutMs: 80 }), `http://127.0.0.1:${port}/`),
    ).resolves.toMatchObject({ kind: 'response', status: 202, body: 'x' });
  });

  it('includes the wait for a connection, and never sends what it gave up', async () => {
    const paths: string[] = [];
    const { happened, happen } = signalled();
    let free = () => {};
    const port = await receivers.http((request, response) => {
      paths.push(request.url ?? '');
      if (request.url !== '/first') return response.writeHead(202).end();
      free = () => response.writeHead(202).end();
      happen();
    });
    const outbound = receivers.loopbackClient({ timeoutMs: 150, connectionsPerOrigin: 1 });

    const first = post(outbound, `http://127.0.0.1:${port}/first`);
    await happened;
    const controller = new AbortController();
    const aborted = post(outbound, `http://127.0.0.1:${port}/aborted`, controller.signal);
    controller.abort();
    await expect(aborted).resolves.toMatchObject({ code: 'aborted' });
    free();
    await first;
    await post(outbound, `http://127.0.0.1:${port}/last`);

    expect(paths).toEqual(['/first', '/last']);
  });

  it('gives up on a lookup that does not end', async () => {
    const outbound = receivers.loopbackClient(
      { connectTimeoutMs: 30 },
      { resolveHost: () => new Promise(() => {}) },
    );

    await expect(post(outbound, 'http://receiver.test/')).resolves.toMatchObject({ code: 'connect_timeout' });
  });

  it('gives up on a TLS handshake that does not end', async () => {
    const port = await receivers.tcp((socket) => socket.resume());

    await expect(
      post(receivers.loopbackClient({ connectTimeoutMs: 30 }), `https://127.0.0.1:${port}/`),
    ).resolves.toMatchObject({ code: 'connect_timeout' });
  });

  it('stops at the caller signal, before and during the request', async () => {
    const { happened, happen } = signalled();
    const port = await receivers.tcp((socket) => socket.once('data', happen));
    const controller = new AbortController();
    const outbound = receivers.loopbackClient();

    const running = post(outbound, `http://127.0.0.1:${port}/`, controller.signal);
    await happened;
    controller.abort();

    await expect(running).resolves.toMatchObject({ kind: 'network', code: 'aborted' });
    await expect(post(outbound, `http://127.0.0.1:${port}/`, controller.signal)).resolves.toMatchObject({
      code: 'aborted',
    });
  });
});
