import { describe, expect, it } from 'vitest';
import { readServerSettings } from './env.js';
import type { KeyVault } from './ports.js';
import { resolveOptions, type SsfOptions } from './ssf-options.js';

const TOKEN = 'signer-token-of-the-settings-test';
const URL = 'https://signer.acme.test/v1/';

describe('the settings of a remote signer', () => {
  it('are its URL and its token', () => {
    const { signer } = readServerSettings({ SSF_SIGNER_URL: URL, SSF_SIGNER_TOKEN: TOKEN });

    expect(signer).toEqual({ url: 'https://signer.acme.test/v1', token: TOKEN });
    expect(readServerSettings({}).signer).toBeUndefined();
  });

  it.each<[string, Record<string, string>]>([
    ['SSF_SIGNER_URL', { SSF_SIGNER_TOKEN: TOKEN, SSF_SIGNER_URL: 'http://signer.acme.test' }],
    ['SSF_SIGNER_URL', { SSF_SIGNER_TOKEN: TOKEN, SSF_SIGNER_URL: `https://u:${TOKEN}@signer.acme.test` }],
    ['SSF_SIGNER_TOKEN', { SSF_SIGNER_URL: URL }],
    ['SSF_SIGNER_TOKEN', { SSF_SIGNER_URL: URL, SSF_SIGNER_TOKEN: 'short' }],
    ['SSF_SIGNER_TOKEN', { SSF_SIGNER_URL: URL, SSF_SIGNER_TOKEN: `${TOKEN}\r\nx: y` }],
    ['SSF_SIGNER_TOKEN', { SSF_SIGNER_TOKEN: TOKEN }],
    [
      'SSF_SIGNER_TIMEOUT_MS',
      { SSF_SIGNER_URL: URL, SSF_SIGNER_TOKEN: TOKEN, SSF_SIGNER_TIMEOUT_MS: '6000' },
    ],
  ])('that are wrong are refused by the name of %s, without a value', (name, settings) => {
    const read = (): unknown => readServerSettings(settings);

    expect(read).toThrow(new RegExp(`^${name} `));
    expect(read).not.toThrow(TOKEN);
  });

  it('do not limit a process whose keys are in the database', () => {
    expect(readServerSettings({ SSF_SIGNER_TIMEOUT_MS: '6000' }).signer).toBeUndefined();
  });
});

describe('the options of a remote signer', () => {
  const resolved = (options: Partial<SsfOptions>): ReturnType<typeof resolveOptions> =>
    resolveOptions({
      publicUrl: 'https://idp.example',
      encryptionKey: Buffer.alloc(32).toString('base64'),
      adminToken: 'admin-token-of-the-options-test',
      ...options,
    });
  const signer = { url: URL, token: TOKEN };
  const keyVault = { name: 'HSM' } as KeyVault;

  it('make a push wait for signatures, too, before a lease ends', () => {
    expect(resolved({ signer }).signingTimeoutMs).toBe(3_000);
    expect(resolved({ keyVault, signerTimeoutMs: 100 }).signingTimeoutMs).toBe(100);
    expect(resolved({ signerTimeoutMs: 100 }).signingTimeoutMs).toBe(0);
  });

  it.each<[string, Partial<SsfOptions>]>([
    ['signer.url', { signer: { ...signer, url: 'http://signer.acme.test' } }],
    ['signer.token', { signer: { ...signer, token: '' } }],
    ['signer', { signer, keyVault }],
    ['signerTimeoutMs', { signer, signerTimeoutMs: 6_000 }],
  ])('that are wrong are refused by the name of %s', (name, options) => {
    expect(() => resolved(options)).toThrow(new RegExp(`^${name} `));
  });
});
