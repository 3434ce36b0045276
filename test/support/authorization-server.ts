import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where the keys are, too, and nowhere without the query. */
export const QUERIED_KEYS = '/keys?p=b2c_1_sign-in';

/** An authorization server with metadata (RFC 8414), keys and tokens. */
export class AuthorizationServer {
  /** of the key set alone */
  fetches = 0;
  isDown = false;

  private constructor(
    private readonly http: Server,
    private readonly keys: Awaited<ReturnType<typeof generateKeyPair>>,
  ) {}

  static async start(): Promise<AuthorizationServer> {
    const keys = await generateKeyPair('ES256', { extractable: true });
    const http = createServer();
    const made = new AuthorizationServer(http, keys);
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k-1', alg: 'ES256' };
    http.on('request', ({ url }, response) => {
      if (made.isDown) response.writeHead(503).end();
      else if (url === '/jwks' || url === QUERIED_KEYS) {
        made.fetches += 1;
        response.end(JSON.stringify({ keys: [jwk] }));
      } else if (url === '/.well-known/oauth-authorization-server')
        response.end(JSON.stringify({ issuer: made.issuer, jwks_uri: `${made.issuer}/jwks` }));
      else response.writeHead(404).end();
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    return made;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  /** A JWT that is valid for ten minutes. */
  token(claims: object, header: object = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({
      iss: this.issuer,
      iat: now,
      exp: now + 600,
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'k-1', typ: 'at+jwt', ...header })
      .sign(this.keys.privateKey);
  }

  async stop(): Promise<void> {
    this.http.close();
    this.http.closeAllConnections();
    await once(this.http, 'close');
  }
}
