import { generateKeyPair, exportJWK, CompactSign, type JWK } from 'jose';
import { KeyObject, randomUUID } from 'node:crypto';
import { Pool } from 'undici';

/** As the transmitter sends it (RFC 8935 section 2.1). */
const HEADERS = {
  'content-type': 'application/secevent+jwt',
  accept: 'application/json',
  'user-agent': 'ssf-transmitter',
};

export interface PushClientOptions {
  readonly algorithm: string;
  /** `native` is node:crypto on the thread pool, by the transmitter's code as it was built: what it signs RSA with */
  readonly signer: 'jose' | 'native';
  readonly ports: readonly number[];
  /** in all */
  readonly connections: number;
}

type Signer = (claims: string) => Promise<string | Buffer>;

/** What every baseline has in common: signs claims and POSTs them, over so many connections. */
export class PushClient {
  private constructor(
    private readonly sign: Signer,
    private readonly pools: readonly Pool[],
    /** to verify with what was sent */
    readonly publicKey: JWK,
  ) {}

  static async create({ algorithm, signer, ports, connections }: PushClientOptions): Promise<PushClient> {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    const header = { typ: 'secevent+jwt', alg: algorithm, kid: 'baseline' };
    const encoder = new TextEncoder();
    const sign: Signer =
      signer === 'jose'
        ? (claims) => new CompactSign(encoder.encode(claims)).setProtectedHeader(header).sign(privateKey)
        : await nativeSigner(KeyObject.from(privateKey), header);
    const pools = ports.map(
      (port) =>
        new Pool(`http://127.0.0.1:${port}`, {
          connections: Math.ceil(connections / ports.length),
          pipelining: 1,
          keepAliveTimeout: 60_000,
        }),
    );
    return new PushClient(sign, pools, { ...(await exportJWK(publicKey)), alg: algorithm });
  }

  /** `receiver` numbers the receivers; more numbers than ports begin again with the first. */
  async push(receiver: number, claims: string): Promise<void> {
    const pool = this.pools[receiver % this.pools.length];
    if (!pool) throw new Error('there is no receiver');
    const token = await this.sign(claims);
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path: `/events/${receiver}`,
      headers: HEADERS,
      body: token,
    });
    await body.dump();
    if (statusCode !== 202) throw new Error(`the receiver answered ${statusCode}`);
  }
}

/** Claims like the example, each with a jti of its own. */
export function claimsLike(example: string, count: number): string[] {
  const { jti } = JSON.parse(example) as { jti: string };
  const [before = '', after = ''] = example.split(jti);
  return Array.from({ length: count }, () => before + randomUUID() + after);
}

/** The product's, from dist. */
export async function nativeSigner(key: KeyObject, header: { alg: string; kid: string }): Promise<Signer> {
  const built = new URL('../../dist/core/set/sign-set.js', import.meta.url).href;
  const module = (await import(built)) as typeof import('../../src/core/set/sign-set.js');
  return module.nativeSigner(key, header as Parameters<typeof module.nativeSigner>[1]);
}
