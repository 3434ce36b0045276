import {
  constants,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
  randomUUID,
  sign,
} from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

export type SignerBehaviour =
  | 'works'
  /** takes the request and never answers */
  | 'hangs'
  | 'answers 500'
  | 'answers with a page'
  /** of bytes that nobody asked for */
  | 'signs wrongly'
  /** half of a signature */
  | 'cuts signatures'
  | 'redirects'
  /** gives private halves away */
  | 'leaks'
  | 'answers without end'
  | 'makes other keys';

interface Request {
  readonly path: string;
  readonly authorization: string | undefined;
}

interface Body {
  readonly algorithm?: string;
  readonly signingInput?: string;
}

/** A signer over HTTP as docs/remote-signer.md describes it, on node:crypto alone. */
export class RemoteSigner {
  readonly token = `signer-${randomBytes(16).toString('hex')}`;
  /** in the order of their arrival */
  readonly requests: Request[] = [];
  behaviour: SignerBehaviour = 'works';
  private readonly keys = new Map<string, KeyObject>();
  private server: Server | undefined;
  private port = 0;

  static async start(): Promise<RemoteSigner> {
    const signer = new RemoteSigner();
    await signer.up();
    return signer;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/signer`;
  }

  get options(): { url: string; token: string } {
    return { url: this.url, token: this.token };
  }

  /** Signatures that were asked of this key. */
  signaturesOf(keyId: string): number {
    return this.requests.filter(({ path }) => path === `/signer/keys/${encodeURIComponent(keyId)}/sign`)
      .length;
  }

  /** A key that somebody made here by other means. */
  addKey(key: KeyObject, keyId: string = randomUUID()): string {
    this.keys.set(keyId, key);
    return keyId;
  }

  deleteKey(keyId: string): void {
    this.keys.delete(keyId);
  }

  /** At the same address, with the same keys. */
  async up(): Promise<void> {
    this.server = createServer((request, response) => {
      this.serve(request, response).catch(() => response.destroy());
    }).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async down(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse((await text(request)) || '{}') as Body;
    const { authorization } = request.headers;
    const path = request.url ?? '';
    this.requests.push({ path, authorization });
    if (authorization !== `Bearer ${this.token}`) return void answer(response, 401, {});
    switch (this.behaviour) {
      case 'hangs':
        return;
      case 'answers 500':
        return void answer(response, 500, { error: `${this.token} leaked` });
      case 'answers with a page':
        return void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>');
      case 'redirects':
        return void response.writeHead(307, { location: `http://127.0.0.1:${this.port}/elsewhere` }).end();
      case 'answers without end':
        return void response.writeHead(200).write(`{"signature":"${'A'.repeat(100_000)}`);
      case 'works':
      case 'signs wrongly':
      case 'cuts signatures':
      case 'leaks':
      case 'makes other keys':
        await this.route(path, body, response);
    }
  }

  private async route(path: string, body: Body, response: ServerResponse): Promise<void> {
    const [, id = '', verb] = /^\/signer\/keys(?:\/([^/]+))?(\/sign)?$/.exec(path) ?? [];
    const keyId = decodeURIComponent(id);
    if (keyId === '') {
      const algorithm = this.behaviour === 'makes other keys' ? 'EdDSA' : (body.algorithm ?? '');
      return answer(response, 201, this.shown(this.addKey(await newKey(algorithm))));
    }
    const key = this.keys.get(keyId);
    if (!key) return answer(response, 404, { error: 'no such key' });
    if (verb === undefined) return answer(response, 200, this.shown(keyId));
    answer(response, 200, { signature: this.signature(key, body) });
  }

  private shown(keyId: string): object {
    const key = this.keys.get(keyId);
    if (!key) throw new Error(keyId);
    const half = this.behaviour === 'leaks' ? key : createPublicKey(key);
    return { keyId, publicJwk: half.export({ format: 'jwk' }) };
  }

  private signature(key: KeyObject, { algorithm = '', signingInput = '' }: Body): string {
    const input = Buffer.from(this.behaviour === 'signs wrongly' ? 'e30' : signingInput, 'base64url');
    const signature = signWith(key, algorithm, input).toString('base64url');
    return this.behaviour === 'cuts signatures' ? signature.slice(0, signature.length / 2) : signature;
  }
}

const makeKeyPair = promisify(generateKeyPair);

export async function newKey(algorithm: string): Promise<KeyObject> {
  switch (algorithm) {
    case 'ES256':
      return (await makeKeyPair('ec', { namedCurve: 'P-256' })).privateKey;
    case 'EdDSA':
      return (await makeKeyPair('ed25519')).privateKey;
    default:
      return (await makeKeyPair('rsa', { modulusLength: 2048 })).privateKey;
  }
}

function signWith(key: KeyObject, algorithm: string, input: Buffer): Buffer {
  switch (algorithm) {
    case 'EdDSA':
      return sign(null, input, key);
    case 'ES256':
      return sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' });
    case 'PS256':
      return sign('sha256', input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
    default:
      return sign('sha256', input, key);
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
