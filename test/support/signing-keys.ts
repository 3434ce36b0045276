import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { taken } from './admin-client.js';
import type { Provider, SigningKey } from './api-types.js';
import { call } from './http.js';
import type { Transmitter } from './transmitter.js';

/** Newest first. */
export async function keysOf({ admin }: Pick<Transmitter, 'admin'>, { id }: Provider): Promise<SigningKey[]> {
  const page = admin.api.GET('/api/v1/providers/{id}/signing-keys', { params: { path: { id } } });
  return (await taken(page)).data;
}

/** Makes the next key, or one that signs at once. */
export function rotateKey(
  { admin }: Pick<Transmitter, 'admin'>,
  { id }: Pick<Provider, 'id'>,
  body: { immediately?: boolean } = {},
): Promise<SigningKey> {
  return taken(
    admin.api.POST('/api/v1/providers/{id}/signing-keys/rotate', { params: { path: { id } }, body }),
  );
}

export async function publishedKids({ jwksUri }: Provider): Promise<string[]> {
  const { keys } = (await call(jwksUri)).json<JSONWebKeySet>();
  return keys.map(({ kid }) => kid ?? '');
}

/** So much time passes for the keys of a provider, under its lock: who changes them reads them before. */
export async function passTime({ database }: Transmitter, { id }: Provider, seconds: number): Promise<void> {
  await database.query(
    `with provider as materialized (select from ssf.provider where id = $1 for no key update)
     update ssf.signing_key set changes_at = changes_at - make_interval(secs => $2),
            status_changed_at = status_changed_at - make_interval(secs => $2)
      where provider_id = $1 and exists (select from provider)`,
    [id, seconds],
  );
}

/**
 * The JWK Set as a receiver has it that follows Cache-Control to the letter (RFC 9111 section 4.2), by a clock that goes
 * as fast as a test wants: it never asks again before its copy is stale, whatever kid it meets.
 */
export class JwksCache {
  private seconds = 0;
  private copy: { readonly until: number; readonly keys: Promise<JWTVerifyGetKey> } | undefined;
  private maxAge = 0;
  fetches = 0;

  constructor(private readonly url: string) {}

  pass(seconds: number): void {
    this.seconds += seconds;
  }

  readonly key: JWTVerifyGetKey = async (header, token) => (await this.keys())(header, token);

  private async keys(): Promise<JWTVerifyGetKey> {
    const asked = this.seconds;
    if (!this.copy || asked >= this.copy.until) {
      const keys = this.fetch();
      // until the answer has said how long: everybody waits for it
      const copy = { until: Infinity, keys };
      this.copy = copy;
      await keys;
      if (this.copy === copy) this.copy = { until: asked + this.maxAge, keys };
    }
    return this.copy.keys;
  }

  private async fetch(): Promise<JWTVerifyGetKey> {
    this.fetches += 1;
    const answer = await call(this.url);
    this.maxAge = Number(/max-age=(\d+)/.exec(answer.headers.get('cache-control') ?? '')?.[1]);
    return createLocalJWKSet(answer.json<JSONWebKeySet>());
  }
}
