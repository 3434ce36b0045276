import { Agent, request } from 'node:http';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

const ROUNDS = 12;
const ANSWER_MS = 5_000;
const LARGE = 'x'.repeat(5 * 1024 * 1024);

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

/** The status; undefined when the connection was closed before it came. */
function post(agent: Agent, body: string, type: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': type, 'content-length': body.length };
    const sent = request(
      `${transmitter.baseUrl}/oauth/token`,
      { method: 'POST', agent, headers },
      (answer) => {
        answer.resume();
        answer.once('end', () => resolve(answer.statusCode));
      },
    );
    sent.setTimeout(ANSWER_MS, () => sent.destroy(new Error('no answer')));
    sent.once('error', (error: Error & { code?: string }) =>
      error.code === 'EPIPE' || error.code === 'ECONNRESET' ? resolve(undefined) : reject(error),
    );
    sent.end(body);
  });
}

it.each(['application/json', 'application/x-ndjson'])(
  'a body of %s that is too large is refused, and whatever comes after it is answered',
  async (type) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    for (let round = 0; round < ROUNDS; round += 1) {
      expect([413, undefined]).toContain(await post(agent, LARGE, type));
      expect([400, undefined]).toContain(
        await post(agent, 'grant_type=none', 'application/x-www-form-urlencoded'),
      );
    }
  },
);
