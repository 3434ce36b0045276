import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { TestDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { call } from '../support/http.js';
import { ServerProcess } from '../support/server-process.js';

const ADMIN_TOKEN = 'admin-token-of-the-request-limits';

let database: TestDatabase;
let server: ServerProcess;
let port: number;

beforeAll(async () => {
  database = await TestDatabase.create();
  port = await freePort();
  server = new ServerProcess({
    PORT: String(port),
    DATABASE_URL: database.url,
    SSF_ADMIN_TOKEN: ADMIN_TOKEN,
    SSF_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    SSF_REQUEST_TIMEOUT_SECONDS: '1',
  });
  await server.ready(`http://localhost:${port}`, ADMIN_TOKEN);
});

afterAll(async () => {
  await server.kill();
  await database.drop();
});

/** What the server says before it hangs up. */
async function answerTo(...parts: string[]): Promise<string> {
  const socket: Socket = connect(port, 'localhost');
  onTestFinished(() => {
    socket.destroy();
  });
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  await once(socket, 'connect');
  for (const part of parts) socket.write(part);
  await once(socket, 'close');
  return answer;
}

it.each([
  ['in its headers', ['POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nX-Slow: ']],
  [
    'in its body',
    ['POST /oauth/token HTTP/1.1\r\nHost: localhost\r\n', 'Content-Length: 1000\r\n\r\n', 'grant_type'],
  ],
])('a request that never ends is hung up on, %s', async (_, parts) => {
  expect(await answerTo(...parts)).toMatch(/^HTTP\/1\.1 408 /);
  expect((await call(`http://localhost:${port}/healthz/ready`)).status).toBe(200);
});

it('headers of more than 16 kB are refused', async () => {
  const request = `GET /healthz/live HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(17_000)}\r\n\r\n`;
  expect(await answerTo(request)).toMatch(/^HTTP\/1\.1 431 /);
});
