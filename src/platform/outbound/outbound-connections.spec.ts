import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { post, signalled, TestReceivers } from './test-receiver.fixture.js';

const receivers = new TestReceivers(onTestFinished);
const ACCEPTED = 'HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n';

describe('OutboundHttp: connections', () => {
  it('keeps a connection alive', async () => {
    const sockets = new Set<Socket>();
    const port = await receivers.http((request, response) => {
      sockets.add(request.socket);
      response.writeHead(202).end();
    });
    const outbound = receivers.loopbackClient({ connectionsPerOrigin: 1 });

    for (let i = 0; i < 5; i += 1) await post(outbound, `http://127.0.0.1:${port}/${i}`);

    expect(sockets.size).toBe(1);
  });

  it('bounds the connections to one origin', async () => {
    const sockets = new Set<Socket>();
    const port = await receivers.http((request, response) => {
      sockets.add(request.socket);
      setImmediate(() => response.writeHead(202).end());
    });
    const outbound = receivers.loopbackClient({ connectionsPerOrigin: 3 });

    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) => post(outbound, `http://127.0.0.1:${port}/${i}`)),
    );

    expect(answers.every((answer) => answer.kind === 'response')).toBe(true);
    expect(sockets.size).toBe(3);
  });

  it('needs no more connections than there are requests at a time', async () => {
    const sockets = new Set<Socket>();
    const port = await receivers.http((request, response) => {
      sockets.add(request.socket);
      response.writeHead(202).end();
    });
    const outbound = receivers.loopbackClient({ connectionsPerOrigin: 32 });
    const oneByOne = async (name: string): Promise<void> => {
      for (let i = 0; i < 20; i += 1) await post(outbound, `http://127.0.0.1:${port}/${name}/${i}`);
    };

    await Promise.all(['a', 'b', 'c', 'd'].map(oneByOne));

    expect(sockets.size).toBe(4);
  });

  it.each(['reset', 'closed'])('retries at once when a kept-alive connection is %s', async (how) => {
    const requests: string[] = [];
    let connections = 0;
    const port = await receivers.tcp((socket) => {
      const connection = (connections += 1);
      socket.on('data', (data: Buffer) => {
        requests.push(`${connection} ${data.toString().split(' ')[1] ?? ''}`);
        if (requests.length !== 2) socket.write(ACCEPTED);
        else if (how === 'reset') socket.resetAndDestroy();
        else socket.end();
      });
    });
    const outbound = receivers.loopbackClient({ connectionsPerOrigin: 1 });
    await post(outbound, `http://127.0.0.1:${port}/first`);

    const answer = await post(outbound, `http://127.0.0.1:${port}/second`);

    expect(answer).toMatchObject({ kind: 'response', status: 202 });
    expect(requests).toEqual(['1 /first', '1 /second', '2 /second']);
  });

  it('does not retry once a byte of the response has come', async () => {
    let requests = 0;
    const port = await receivers.tcp((socket) => {
      socket.on('data', () => {
        requests += 1;
        if (requests === 1) socket.write(ACCEPTED);
        else socket.write('HTTP/1.1 50', () => socket.resetAndDestroy());
      });
    });
    const outbound = receivers.loopbackClient({ connectionsPerOrigin: 1 });
    await post(outbound, `http://127.0.0.1:${port}/`);

    await expect(post(outbound, `http://127.0.0.1:${port}/`)).resolves.toMatchObject({ kind: 'network' });
    expect(requests).toBe(2);
  });

  it('closes the pool of an origin whose connections are gone', async () => {
    const port = await receivers.http((_request, response) => response.writeHead(202).end());
    const outbound = receivers.loopbackClient({ keepAliveMs: 20, keepAliveMaxMs: 20 });

    await post(outbound, `http://127.0.0.1:${port}/`);
    expect(outbound.openOrigins).toBe(1);

    await vi.waitFor(() => expect(outbound.openOrigins).toBe(0), { interval: 5 });
  });

  it('lets an idle origin give way to a new one', async () => {
    const closed: Promise<unknown>[] = [];
    const receiver = () =>
      receivers.http((request, response) => {
        closed.push(once(request.socket, 'close'));
        response.writeHead(202).end();
      });
    const outbound = receivers.loopbackClient({ maxOrigins: 1 });

    const first = await post(outbound, `http://127.0.0.1:${await receiver()}/`);
    const second = await post(outbound, `http://127.0.0.1:${await receiver()}/`);

    expect([first, second]).toMatchObject([{ status: 202 }, { status: 202 }]);
    expect(outbound.openOrigins).toBe(1);
    await closed[0];
  });

  it('waits at close for what runs, and takes nothing more', async () => {
    const { happened, happen } = signalled();
    let answerNow = () => {};
    const port = await receivers.http((_request, response) => {
      answerNow = () => response.writeHead(202).end();
      happen();
    });
    const outbound = receivers.loopbackClient();

    const running = post(outbound, `http://127.0.0.1:${port}/`);
    await happened;
    const closing = outbound.close();
    answerNow();

    await expect(running).resolves.toMatchObject({ status: 202 });
    await closing;
    await expect(post(outbound, `http://127.0.0.1:${port}/`)).resolves.toMatchObject({ code: 'aborted' });
  });
});
