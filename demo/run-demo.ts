import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AdminApi } from './admin-api.js';
import * as print from './print.js';
import { reasonOf } from './reason-of.js';
import { ReceiverProcess } from './receiver-process.js';
import { tellStory } from './story.js';
import { TransmitterProcess } from './transmitter-process.js';
import { DemoError } from './waiting.js';

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const LOG_LINES = 20;
const DEATH_NOTICE_MS = 500;
/** With retries: a process that just ends may still write. */
const REMOVAL = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 };

/** Somebody wants the demo to end. */
class Interrupted extends Error {
  constructor(readonly exitCode: number) {
    super('interrupted');
  }
}

/**
 * Tells the story with real processes on a temporary folder, and leaves nothing behind however it ends. The exit
 * code is 0 when everything has arrived.
 *
 * @param startedAt of performance.now(), for the time that it took in all
 */
export async function runDemo(startedAt: number): Promise<void> {
  const ending = new AbortController();
  const endWith = (reason: string) => ending.abort(new DemoError(reason));
  for (const [signal, exitCode] of Object.entries(SIGNALS))
    process.on(signal, () => ending.abort(new Interrupted(exitCode)));
  process.stdout.on('error', () => endWith('nobody reads the output any more'));

  const folder = await makeFolder();
  const logFile = join(folder, 'transmitter.log');
  const adminToken = randomBytes(24).toString('base64url');
  const settings = { port: await freePort(), dataDir: join(folder, 'data'), logFile, adminToken };
  const transmitter = new TransmitterProcess(settings, endWith);
  const receiver = new ReceiverProcess(endWith);
  const admin = new AdminApi(transmitter.baseUrl, adminToken, ending.signal);
  try {
    await tellStory({ transmitter, receiver, admin, ending: ending.signal }, startedAt);
  } catch (error) {
    const reason = await realReason(error, ending.signal);
    process.exitCode = reason instanceof Interrupted ? reason.exitCode : 1;
    print.failure(`The demo ended early: ${reasonOf(reason)}`);
    if (!(reason instanceof Interrupted)) await showLog(logFile, `${folder}.log`);
  } finally {
    const ends = await Promise.allSettled([receiver.end(), transmitter.end()]);
    const removal = await Promise.allSettled([rm(folder, REMOVAL)]);
    for (const end of [...ends, ...removal]) if (end.status === 'rejected') failToClean(end.reason);
  }
}

function failToClean(reason: unknown): void {
  process.exitCode ||= 1;
  print.failure(`Something was left behind: ${reasonOf(reason)}`);
}

/** PostgreSQL refuses root: then it runs as another user, who has to be able to enter the folder. */
async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ssf-demo-'));
  if (process.geteuid?.() === 0) await chmod(folder, 0o755);
  return folder;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A connection breaks a moment before the death that broke it is known. */
async function realReason(error: unknown, ending: AbortSignal): Promise<unknown> {
  if (!ending.aborted && !(error instanceof DemoError))
    await Promise.race([once(ending, 'abort'), delay(DEATH_NOTICE_MS)]);
  return ending.aborted ? ending.reason : error;
}

/** The log outlives the temporary folder. */
async function showLog(logFile: string, keptAs: string): Promise<void> {
  try {
    const lines = (await readFile(logFile, 'utf8')).split('\n').filter((line) => line.trim() !== '');
    await rename(logFile, keptAs);
    process.stderr.write(
      `\nThe end of the transmitter's log, ${keptAs}:\n${lines.slice(-LOG_LINES).join('\n')}\n`,
    );
  } catch (error) {
    process.stderr.write(`The transmitter has left no log: ${reasonOf(error)}\n`);
  }
}
