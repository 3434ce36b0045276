import { CompactSign, generateKeyPair } from 'jose';
import { KeyObject } from 'node:crypto';
import { nativeSigner } from './push-client.js';
import { serve } from './serve.js';

export interface Signing {
  readonly algorithm: string;
  readonly signer: 'jose' | 'native';
  readonly claims: string;
  readonly milliseconds: number;
}

export interface SigningRate {
  /** per second of CPU time, all threads together: what one core does */
  readonly perCore: number;
  /** per second of time, on all cores that there are */
  readonly perSecond: number;
}

/** So many at a time that every thread of the pool has work. */
const AT_A_TIME = 64;
const WARM_UP_MS = 300;

async function sign({ algorithm, signer, claims, milliseconds }: Signing): Promise<SigningRate> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const header = { typ: 'secevent+jwt', alg: algorithm, kid: 'benchmark' };
  const encoder = new TextEncoder();
  const one =
    signer === 'jose'
      ? (): Promise<string> =>
          new CompactSign(encoder.encode(claims)).setProtectedHeader(header).sign(privateKey)
      : await native(KeyObject.from(privateKey), header, claims);
  await signFor(one, WARM_UP_MS);
  const [cpuBefore, startedAt] = [process.cpuUsage(), performance.now()];
  const count = await signFor(one, milliseconds);
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    perCore: (count * 1e6) / (user + system),
    perSecond: (count * 1000) / (performance.now() - startedAt),
  };
}

async function native(
  key: KeyObject,
  header: { alg: string; kid: string },
  claims: string,
): Promise<() => Promise<unknown>> {
  const signer = await nativeSigner(key, header);
  return () => signer(claims);
}

async function signFor(one: () => Promise<unknown>, milliseconds: number): Promise<number> {
  const end = performance.now() + milliseconds;
  let count = 0;
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      while (performance.now() < end) {
        await one();
        count += 1;
      }
    }),
  );
  return count;
}

const commands = { sign };

export type SignerCommands = typeof commands;

serve(commands);
