import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import type { OutboundHttp } from '../outbound/outbound-http.js';

/** How long a key set is used before it is fetched again. */
const CACHE_MS = 10 * 60_000;
/** An unknown kid makes it be fetched at once, but not more often than this. */
const COOLDOWN_MS = 30_000;
const MAX_DOCUMENT_BYTES = 512 * 1024;
/** Where an authorization server says where its keys are (RFC 8414 section 3, OpenID Connect Discovery section 4). */
const METADATA = ['oauth-authorization-server', 'openid-configuration'] as const;

export interface KeySource {
  readonly issuer: string;
  /** absent: where the issuer's metadata say */
  readonly jwksUri?: string | undefined;
}

/** The keys of trusted issuers, fetched by the guarded client and kept for a while. */
export class JwksCache {
  private readonly keys = new Map<string, Promise<JWTVerifyGetKey>>();

  constructor(private readonly outbound: OutboundHttp) {}

  /** Rejects when the issuer's metadata cannot be read; the next call tries again. */
  of(trusted: KeySource): Promise<JWTVerifyGetKey> {
    const id = trusted.jwksUri === undefined ? `issuer ${trusted.issuer}` : `keys ${trusted.jwksUri}`;
    const known = this.keys.get(id);
    if (known) return known;
    const found = this.find(trusted).catch((error: unknown) => {
      this.keys.delete(id);
      throw error;
    });
    this.keys.set(id, found);
    return found;
  }

  private async find(trusted: KeySource): Promise<JWTVerifyGetKey> {
    const url = trusted.jwksUri ?? (await this.jwksUri(trusted.issuer));
    return createRemoteJWKSet(new URL(url), {
      cacheMaxAge: CACHE_MS,
      cooldownDuration: COOLDOWN_MS,
      [customFetch]: (address: string) => this.fetch(address),
    });
  }

  private async jwksUri(issuer: string): Promise<string> {
    const { origin, pathname } = new URL(issuer);
    const path = pathname.replace(/\/$/, '');
    const places = [
      `${origin}/.well-known/${METADATA[0]}${path}`,
      `${origin}${path}/.well-known/${METADATA[1]}`,
    ];
    for (const place of places) {
      const response = await this.fetch(place);
      if (!response.ok) continue;
      const metadata = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
      // RFC 8414 section 3.3: metadata of another issuer must not be used
      if (metadata.issuer === issuer && typeof metadata.jwks_uri === 'string') return metadata.jwks_uri;
    }
    throw new Error('the metadata of the trusted issuer name no keys');
  }

  private async fetch(url: string): Promise<Response> {
    const answer = await this.outbound.get(
      { url, headers: { accept: 'application/json' } },
      { maxBytes: MAX_DOCUMENT_BYTES },
    );
    if (answer.kind === 'network') throw new Error(`${answer.code}: ${answer.message}`);
    return new Response(answer.status === 200 ? answer.body : null, { status: answer.status });
  }
}
