import type { Setting } from './setting.js';
import { parseUrl, SettingError } from './setting-parsers.js';

/** A signer that is called over HTTP (docs/remote-signer.md). */
export interface SignerOptions {
  /** Base of its endpoints: https, or http on this machine. */
  readonly url: string;
  /** The bearer token that opens it. */
  readonly token: string;
}

/** What a header can carry (RFC 6750 section 2.1). */
const TOKEN = /^[A-Za-z0-9._~+/=-]{20,4096}$/;

export const SIGNER_SETTINGS = {
  url: {
    name: 'SSF_SIGNER_URL',
    summary:
      'Base URL of a [remote signer](remote-signer.md), https unless it is on this machine: signing keys are made and stay there. Needs `SSF_SIGNER_TOKEN`.',
    defaultText: 'none: signing keys are in the database, encrypted',
    parse: parseUrl,
  },
  token: {
    name: 'SSF_SIGNER_TOKEN',
    summary: 'Bearer token that opens the remote signer, at least 20 characters.',
    defaultText: 'none',
    isSecret: true,
    parse: parseToken,
  },
} satisfies Record<string, Setting<unknown>>;

/** Undefined without a URL. Throws {@link SettingError}. */
export function signerOf(
  read: <Value>(setting: Setting<Value>) => Value | undefined,
): SignerOptions | undefined {
  const url = read(SIGNER_SETTINGS.url);
  const token = read(SIGNER_SETTINGS.token);
  if (url === undefined && token === undefined) return undefined;
  if (url === undefined) throw new SettingError('is of use only with SSF_SIGNER_URL', 'SSF_SIGNER_TOKEN');
  if (token === undefined)
    throw new SettingError('is required when SSF_SIGNER_URL is set', 'SSF_SIGNER_TOKEN');
  return { url, token };
}

/** The same from a host's options. Throws {@link SettingError} naming the option. */
export function resolveSigner({ url, token }: SignerOptions): SignerOptions {
  return {
    url: named('signer.url', () => parseUrl(url)),
    token: named('signer.token', () => parseToken(token)),
  };
}

function named<Value>(option: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SettingError) throw new SettingError(error.problem, option, error);
    throw error;
  }
}

function parseToken(value: string): string {
  if (!TOKEN.test(value))
    throw new SettingError('must have at least 20 characters, of those that a bearer token may have');
  return value;
}
