import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that the system gives to outgoing connections, so that none of those takes it meanwhile. */
const RANGE = { from: 15_000, to: 32_000 };
const TRIES = 50;

/** A TCP port of 127.0.0.1 that nobody uses, for a server that has to know its port before it listens. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = randomInt(RANGE.from, RANGE.to);
    if (await isFree(port)) return port;
  }
  throw new Error('found no free port');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false; // somebody has it
  } finally {
    server.close();
  }
}
