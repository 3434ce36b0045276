import { describe, expect, it, onTestFinished } from 'vitest';
import { post, signalled, TestReceivers } from './test-receiver.fixture.js';

const receivers = new TestReceivers(onTestFinished);
const ACCEPTED = 'HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n';

describe('OutboundHttp: the answer', () => {
  it('sends body and headers and reads the answer', async () => {
    let received: unknown;
    const port = await receivers.http((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method, url, headers } = request;
        received = { method, url, type: headers['content-type'], body: Buffer.concat(chunks).toString() };
        response.writeHead(429, {
          'retry-after': '120',
          'content-type': 'application/json',
          'x-other': 'no',
        });
        response.end('{"err":"\0é"}');
      });
    });

    const answer = await post(receivers.loopbackClient(), `http://127.0.0.1:${port}/push?x=1`);

    expect(received).toEqual({
      method: 'POST',
      url: '/push?x=1',
      type: 'application/secevent+jwt',
      body: 'header.payload.signature',
    });
    expect(answer).toEqual({
      kind: 'response',
      status: 429,
      headers: { retryAfter: '120', contentType: 'application/json' },
      body: '{"err":"\uFFFDé"}',
      durationMs: answer.durationMs,
    });
  });

  it('keeps 16 kB of an endless body and hangs up', async () => {
    const { happened, happen } = signalled();
    const port = await receivers.http((_request, response) => {
      response.on('close', happen);
      const fill = () => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
      };
      response.on('drain', fill).writeHead(400);
      fill();
    });

    const answer = await post(receivers.loopbackClient(), `http://127.0.0.1:${port}/`);

    expect(answer).toMatchObject({ kind: 'response', status: 400, body: 'x'.repeat(16_384) });
    await happened;
  });

  it('passes over informational responses', async () => {
    const port = await receivers.tcp((socket) => {
      socket.once('data', () => socket.write(`HTTP/1.1 103 Early Hints\r\n\r\n${ACCEPTED}`));
    });

    await expect(post(receivers.loopbackClient(), `http://127.0.0.1:${port}/`)).resolves.toMatchObject({
      status: 202,
    });
  });

  it('reports what is not HTTP', async () => {
    const port = await receivers.tcp((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));

    await expect(post(receivers.loopbackClient(), `http://127.0.0.1:${port}/`)).resolves.toMatchObject({
      code: 'invalid_response',
    });
  });

  it('reports a header that is too large', async () => {
    const port = await receivers.tcp((socket) => {
      socket.once('data', () => socket.write(`HTTP/1.1 202 Accepted\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`));
    });

    await expect(post(receivers.loopbackClient(), `http://127.0.0.1:${port}/`)).resolves.toMatchObject({
      code: 'invalid_response',
    });
  });

  it('reports a refused connection without its address', async () => {
    const answer = await post(receivers.loopbackClient(), 'http://127.0.0.1:1/');

    expect(answer).toMatchObject({ kind: 'network', code: 'connection_refused' });
    expect(JSON.stringify(answer)).not.toContain('127.0.0.1');
  });

  it('reports a connection that is reset before the response, and does not retry a new one', async () => {
    let requests = 0;
    const port = await receivers.tcp((socket) =>
      socket.once('data', () => {
        requests += 1;
        socket.resetAndDestroy();
      }),
    );

    await expect(post(receivers.loopbackClient(), `http://127.0.0.1:${port}/`)).resolves.toMatchObject({
      code: 'connection_reset',
    });
    expect(requests).toBe(1);
  });

  it('counts a 2xx whose body breaks off as an answer, and a 400 as a reset', async () => {
    const port = await receivers.tcp((socket) =>
      socket.once('data', (data: Buffer) => {
        const status = data.toString().startsWith('POST /ok') ? 202 : 400;
        socket.write(`HTTP/1.1 ${status} Some\r\ncontent-length: 100\r\n\r\npart`, () =>
          socket.resetAndDestroy(),
        );
      }),
    );
    const outbound = receivers.loopbackClient();

    const answers = await Promise.all(
      ['ok', 'bad'].map((path) => post(outbound, `http://127.0.0.1:${port}/${path}`)),
    );

    expect(answers).toMatchObject([
      { kind: 'response', status: 202 },
      { kind: 'network', code: 'connection_reset' },
    ]);
  });
});
