import { Pool } from 'undici';
import type { SigningAlgorithm } from '../core/set/signing-algorithm.js';
import type { KeyVault, VaultKey } from '../platform/config/ports.js';
import type { SignerOptions } from '../platform/config/signer-settings.js';
import type { PushAnswer } from '../platform/outbound/push-answer.js';
import { PushExchange } from '../platform/outbound/push-exchange.js';
import { makingMs } from './making-time.js';
import { VaultFailure } from './vault-failure.js';

const CONNECTIONS = 32;
const KEEP_ALIVE_MS = 10_000;
const MAX_BODY_BYTES = 16_384;
const BASE64URL = /^[A-Za-z0-9_-]+$/;

type Members = Readonly<Record<string, unknown>>;

interface Call {
  readonly path: string;
  /** undefined: GET */
  readonly body?: object;
  /** it may be made twice */
  readonly isRepeatable: boolean;
  readonly timeoutMs?: number;
}

/**
 * Keys at a signer that is called over HTTP with JSON (docs/remote-signer.md). The operator chose its URL, so it may be
 * in a private network; all else is as with any other call: no redirects, TLS is validated, time and body are bounded.
 */
export class HttpKeyVault implements KeyVault {
  readonly name: string;
  private readonly pool: Pool;
  private readonly base: URL;

  constructor(
    private readonly options: SignerOptions,
    private readonly timeoutMs: number,
  ) {
    this.base = new URL(options.url);
    this.name = `the remote signer at ${this.base.origin}`;
    this.pool = new Pool(this.base.origin, {
      connect: { timeout: timeoutMs, rejectUnauthorized: true },
      connections: CONNECTIONS,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // the exchange bounds the whole
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  async createKey(algorithm: SigningAlgorithm): Promise<VaultKey> {
    // a second try could leave a key there that nobody knows
    const timeoutMs = makingMs(this.timeoutMs);
    const answer = await this.call({ path: '/keys', body: { algorithm }, isRepeatable: false, timeoutMs });
    return keyIn(membersOf(answer, [200, 201]));
  }

  async findKey(keyId: string): Promise<VaultKey | undefined> {
    const answer = await this.call({ path: pathOf(keyId), isRepeatable: true });
    return answer.status === 404 ? undefined : keyIn(membersOf(answer, [200]));
  }

  async sign(keyId: string, algorithm: SigningAlgorithm, signingInput: Uint8Array): Promise<Uint8Array> {
    const body = { algorithm, signingInput: Buffer.from(signingInput).toString('base64url') };
    const answer = await this.call({ path: `${pathOf(keyId)}/sign`, body, isRepeatable: true });
    const { signature } = membersOf(answer, [200]);
    if (typeof signature !== 'string' || !BASE64URL.test(signature))
      throw new VaultFailure('invalid', 'its answer has no signature in base64url');
    return Buffer.from(signature, 'base64url');
  }

  /** After the calls that run have ended. */
  async close(): Promise<void> {
    await this.pool.close();
  }

  private async call(call: Call): Promise<PushAnswer & { kind: 'response' }> {
    const first = await this.exchange(call);
    // it may close a kept-alive connection at the moment that we use it (RFC 9112 section 9.5)
    const isLost = first.kind === 'network' && first.code === 'connection_reset';
    const answer = isLost && call.isRepeatable ? await this.exchange(call) : first;
    if (answer.kind === 'network') throw new VaultFailure('unreachable', `no answer came: ${answer.code}`);
    return answer;
  }

  private exchange({ path, body, timeoutMs = this.timeoutMs }: Call): Promise<PushAnswer> {
    const request = {
      origin: this.base.origin,
      path: this.base.pathname.replace(/\/$/, '') + path,
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${this.options.token}`,
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
        'user-agent': 'ssf-transmitter',
      },
      body: body ? JSON.stringify(body) : null,
    } as const;
    const bounds = { timeoutMs, maxBodyBytes: MAX_BODY_BYTES, signal: undefined };
    return new Promise((settle) => {
      new PushExchange(() => this.pool, request, bounds, settle).start();
    });
  }
}

function pathOf(keyId: string): string {
  return `/keys/${encodeURIComponent(keyId)}`;
}

function membersOf({ status, body }: { status: number; body: string }, expected: readonly number[]): Members {
  if (!expected.includes(status)) throw new VaultFailure('refused', `it answered with the status ${status}`);
  try {
    const value: unknown = JSON.parse(body);
    if (isMembers(value)) return value;
  } catch {
    // what stands there is not to be repeated anywhere
  }
  throw new VaultFailure('invalid', 'its answer is not a JSON object');
}

function keyIn({ keyId, publicJwk }: Members): VaultKey {
  if (typeof keyId !== 'string' || !isMembers(publicJwk))
    throw new VaultFailure('invalid', 'its answer has no keyId and publicJwk');
  return { keyId, publicJwk };
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
