import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { Writable } from 'node:stream';
import type { AddressInfo } from 'node:net';
import { request as call } from 'undici';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLogger } from './logger.js';
import { httpLogger } from './request-log.js';

async function loggedServer(handle: RequestListener) {
  const lines: Record<string, unknown>[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  const log = httpLogger(createLogger({ level: 'trace', pretty: false, destination }));
  const server = createServer((request, response) => log(request, response, () => handle(request, response)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await call(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, {
      headers,
    });
    await response.body.dump();
    return response.headers['x-request-id'];
  };
  return { get, lines };
}

const ok: RequestListener = (_request, response) => void response.writeHead(200).end('body-secret');

describe('httpLogger', () => {
  it('writes one line per request, without query string, headers and body', async () => {
    const { get, lines } = await loggedServer(ok);

    await get('/streams/1?access_token=s3cret', { authorization: 'Bearer s3cret', 'x-other': 's3cret' });

    expect(lines).toHaveLength(1);
    expect(lines[0]).toEqual({
      level: 'info',
      time: lines[0]?.time,
      service: 'ssf-transmitter',
      requestId: lines[0]?.requestId,
      method: 'GET',
      path: '/streams/1',
      clientAddress: '127.0.0.1',
      status: 200,
      durationMs: lines[0]?.durationMs,
      msg: 'request completed',
    });
    expect(typeof lines[0]?.durationMs).toBe('number');
    expect(JSON.stringify(lines)).not.toContain('s3cret');
  });

  it('takes over a harmless request id and echoes it', async () => {
    const { get, lines } = await loggedServer(ok);

    await expect(get('/', { 'x-request-id': 'trace-1.a_B' })).resolves.toBe('trace-1.a_B');

    expect(lines).toMatchObject([{ requestId: 'trace-1.a_B' }]);
  });

  it.each([undefined, '', 'a b', 'a"b', 'x'.repeat(65), '<script>'])(
    'replaces the request id %j',
    async (given) => {
      const { get, lines } = await loggedServer(ok);

      const id = await get('/', given === undefined ? {} : { 'x-request-id': given });

      expect(id).toMatch(/^[\da-f]{8}-[\da-f-]{27}$/);
      expect(lines).toMatchObject([{ requestId: id }]);
    },
  );

  it('logs health checks at debug and failures at error', async () => {
    const { get, lines } = await loggedServer((_request, response) => void response.writeHead(500).end());

    await get('/health/ready?probe=1');
    await get('/streams');

    expect(lines).toMatchObject([
      { level: 'debug', path: '/health/ready', status: 500 },
      { level: 'error', path: '/streams', status: 500, msg: 'request failed' },
    ]);
    expect(lines[1]).not.toHaveProperty('err');
  });

  it('logs the error that a handler left', async () => {
    const { get, lines } = await loggedServer((_request, response) => {
      response.err = Object.assign(new Error('no database'), { code: 'ECONNREFUSED', query: 's3cret' });
      response.writeHead(503).end();
    });

    await get('/streams');

    expect(lines).toMatchObject([{ err: { message: 'no database', code: 'ECONNREFUSED' } }]);
    expect(JSON.stringify(lines)).not.toContain('s3cret');
  });

  it('puts the request id, and not the request, on the lines of a handler', async () => {
    const { get, lines } = await loggedServer((request: IncomingMessage, response) => {
      request.log.info({ streamId: '1' }, 'inside');
      response.writeHead(200).end();
    });

    await get('/', { 'x-request-id': 'r1', authorization: 'Bearer s3cret' });

    expect(lines).toMatchObject([{ requestId: 'r1', streamId: '1', msg: 'inside' }, { requestId: 'r1' }]);
    expect(lines[0]).not.toHaveProperty('req');
  });

  it('says that a client went away', async () => {
    const { get, lines } = await loggedServer((request) => void request.socket.destroy());

    await expect(get('/streams')).rejects.toThrow();

    await vi.waitFor(() => expect(lines).toMatchObject([{ msg: 'request aborted', path: '/streams' }]));
  });
});
