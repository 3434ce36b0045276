import { describe, expect, it } from 'vitest';
import type { OutboundHttp } from '../outbound/outbound-http.js';
import { JwksCache } from './jwks-cache.js';

const ISSUER = 'https://idp.example/keys';

function cache(): { keys: JwksCache; asked: string[] } {
  const asked: string[] = [];
  const get = ({ url }: { url: string }): Promise<object> => {
    asked.push(url);
    const body = JSON.stringify({ issuer: ISSUER, jwks_uri: 'https://idp.example/jwks' });
    return Promise.resolve({ kind: 'answer', status: 200, body });
  };
  return { keys: new JwksCache({ get } as unknown as OutboundHttp), asked };
}

describe('the keys of an issuer', () => {
  it('are found through its metadata, once', async () => {
    const { keys, asked } = cache();

    await Promise.all([keys.of({ issuer: ISSUER }), keys.of({ issuer: ISSUER })]);

    expect(asked).toEqual(['https://idp.example/.well-known/oauth-authorization-server/keys']);
  });

  it('are not those that another issuer has at its address', async () => {
    const { keys, asked } = cache();

    const others = await keys.of({ issuer: 'https://elsewhere.example', jwksUri: ISSUER });

    expect(await keys.of({ issuer: ISSUER })).not.toBe(others);
    expect(asked).toHaveLength(1);
  });
});
