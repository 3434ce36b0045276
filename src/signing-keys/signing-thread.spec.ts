import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import threads, { type Worker } from 'node:worker_threads';
import { Logger } from '@nestjs/common';
import { compactVerify } from 'jose';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { signingRecipe } from '../core/set/sign-set.js';
import { SigningThread } from './signing-thread.js';

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const es256 = signingRecipe(ec.privateKey, { alg: 'ES256', kid: 'k1' });
const eddsa = signingRecipe(ed.privateKey, { alg: 'EdDSA', kid: 'k2' });
const broken = { ...es256, digest: 'no such digest' };

let thread: SigningThread;
let workers: Worker[];
const seen = (worker: Worker): unknown => workers.push(worker);

beforeEach(() => {
  thread = new SigningThread();
  workers = [];
  process.on('worker', seen);
});

afterEach(async () => {
  process.off('worker', seen);
  await thread.close();
});

async function payloadOf(jws: Buffer, publicKey = ec.publicKey): Promise<string> {
  return new TextDecoder().decode((await compactVerify(jws, publicKey)).payload);
}

it('signs with several keys at once, each SET with its own', async () => {
  const [ofEc, ofEd] = [thread.signer(es256), thread.signer(eddsa)];
  const claims = Array.from({ length: 100 }, (_, index) => JSON.stringify({ index, note: 'é 😀' }));

  const signed = await Promise.all(claims.map((each, index) => (index % 3 === 0 ? ofEd : ofEc)(each)));

  for (const [index, jws] of signed.entries()) {
    const publicKey = index % 3 === 0 ? ed.publicKey : ec.publicKey;
    expect(await payloadOf(jws, publicKey)).toBe(claims[index]);
  }
  expect(workers).toHaveLength(1);
});

it('hands over together what comes together, and the key only when it is another one', async () => {
  const sign = thread.signer(es256);
  await sign('{}');
  const post = vi.spyOn(workers[0] as Worker, 'postMessage');

  await Promise.all(Array.from({ length: 40 }, () => sign('{}')));
  await thread.signer(eddsa)('{}');

  const batches = post.mock.calls.map(([batch]) => batch as { key: unknown; claims: string[] });
  expect(batches.map(({ claims }) => claims.length)).toEqual([32, 8, 1]);
  expect(batches.map(({ key }) => key)).toEqual([undefined, undefined, eddsa]);
});

it('tells what is wrong with the one that cannot be signed, and signs the others', async () => {
  const outcomes = await Promise.allSettled([
    thread.signer(es256)('{"a":1}'),
    thread.signer(broken)('{"a":2}'),
    thread.signer(es256)('{"a":3}'),
  ]);

  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(outcomes[1]).toMatchObject({ reason: { message: expect.stringContaining('digest') as unknown } });
});

it('gives nothing rather than a part of a signature that is longer than those of its algorithms', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });

  await expect(thread.signer({ ...es256, input: { ...es256.input, key: privateKey } })('{}')).rejects.toThrow(
    'a signature of 96 bytes',
  );
});

it('signs in the pool what the thread leaves undone when it ends, and all that comes, and says so once', async () => {
  const error = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
  onTestFinished(() => error.mockRestore());
  const sign = thread.signer(es256);
  await sign('{}');
  const signed = Promise.all(Array.from({ length: 100 }, (_, index) => sign(`{"index":${index}}`)));
  await workers[0]?.terminate();

  for (const [index, jws] of (await signed).entries())
    expect(await payloadOf(jws)).toBe(`{"index":${index}}`);
  expect(await payloadOf(await sign('{"again":1}'))).toBe('{"again":1}');
  expect(workers).toHaveLength(1);
  expect(error).toHaveBeenCalledOnce();
});

it('signs in the pool once it is closed, and the thread is gone', async () => {
  const sign = thread.signer(es256);
  await sign('{}');
  const exit = once(workers[0] as Worker, 'exit');

  const error = vi.spyOn(Logger.prototype, 'error');
  onTestFinished(() => error.mockRestore());
  await thread.close();

  await exit;
  expect(error).not.toHaveBeenCalled();
  expect(await payloadOf(await sign('{"late":1}'))).toBe('{"late":1}');
  expect(workers).toHaveLength(1);
});

it('signs in the pool where threads are not to be had, and says so once', async () => {
  const error = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
  onTestFinished(() => error.mockRestore());
  const { Worker: own } = threads;
  threads.Worker = class {
    constructor() {
      throw new Error('no threads here');
    }
  } as unknown as typeof own;
  syncBuiltinESMExports();
  onTestFinished(() => {
    threads.Worker = own;
    syncBuiltinESMExports();
  });
  const sign = thread.signer(es256);

  const signed = await Promise.all([sign('{"a":1}'), sign('{"a":2}')]);
  await sign('{}');

  expect(await Promise.all(signed.map((jws) => payloadOf(jws)))).toEqual(['{"a":1}', '{"a":2}']);
  expect(error).toHaveBeenCalledOnce();
});
