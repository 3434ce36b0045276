import { describe, expect, it } from 'vitest';
import { resolveOptions, type SsfOptions } from './ssf-options.js';

function resolved(options: Partial<SsfOptions>): ReturnType<typeof resolveOptions> {
  return resolveOptions({
    publicUrl: 'https://idp.example',
    encryptionKey: Buffer.alloc(32).toString('base64'),
    adminToken: 'admin-token-of-the-options-test',
    ...options,
  });
}

const receiverAuthenticator = { authenticate: () => Promise.resolve(undefined) };

describe('the authorization server', () => {
  it.each<[string, Partial<SsfOptions>, boolean]>([
    ['is on', {}, true],
    ['can be off', { authorizationServer: false }, false],
    ['is off without the receiver API', { receiverApi: false }, false],
    ["is off beside the host's own authentication", { receiverAuthenticator }, false],
  ])('%s', (_what, options, isOn) => {
    expect(resolved(options).authorizationServer).toBe(isOn);
  });

  it.each([{ receiverApi: false }, { receiverAuthenticator }])('cannot be on for nothing', (options) => {
    expect(() => resolved({ authorizationServer: true, ...options })).toThrow('authorizationServer needs');
  });

  it('gives tokens for an hour, or less', () => {
    expect(resolved({}).oauthTokenSeconds).toBe(3600);
    expect(resolved({ oauthTokenSeconds: 60 }).oauthTokenSeconds).toBe(60);
    for (const oauthTokenSeconds of [59, 3601, 60.5])
      expect(() => resolved({ oauthTokenSeconds })).toThrow('oauthTokenSeconds must be an integer');
  });
});
