import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { SettingError } from '../platform/config/setting-parsers.js';

export interface TlsFiles {
  /** the certificate, and those that lead to its authority */
  readonly certFile: string;
  readonly keyFile: string;
}

/** A certificate chain and its key, as PEM. */
export interface TlsPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/**
 * What the https server speaks, with the pair or with a later one: TLS 1.2 and 1.3, and of 1.2 the suites that RFC 9325
 * section 4.2 recommends (forward secrecy, authenticated encryption).
 */
export const TLS_PROTOCOL = {
  minVersion: 'TLSv1.2',
  ciphers: [
    ...['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
    ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
    ...['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
    ...['ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'],
  ].join(':'),
} as const satisfies SecureContextOptions;

/** Reads both files. Throws {@link SettingError} naming the setting whose file cannot be served with. */
export function readTlsPair({ certFile, keyFile }: TlsFiles): TlsPair {
  const cert = readPem('SSF_TLS_CERT_FILE', certFile);
  const key = readPem('SSF_TLS_KEY_FILE', keyFile);
  const leaf = parsed('SSF_TLS_CERT_FILE', 'holds no PEM certificate', () => new X509Certificate(cert));
  const privateKey = parsed(
    'SSF_TLS_KEY_FILE',
    'holds no PEM private key without a passphrase',
    (): KeyObject => createPrivateKey(key),
  );
  if (!leaf.checkPrivateKey(privateKey))
    throw new SettingError(
      'is not the key of the first certificate in SSF_TLS_CERT_FILE',
      'SSF_TLS_KEY_FILE',
    );
  // also the rest of the chain, which may be cut off
  parsed('SSF_TLS_CERT_FILE', 'holds a chain that cannot be used', () =>
    createSecureContext({ cert, key, ...TLS_PROTOCOL }),
  );
  return { cert, key };
}

export function readPem(setting: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new SettingError('names a file that cannot be read', setting, error);
  }
}

function parsed<Value>(setting: string, problem: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    throw new SettingError(problem, setting, error);
  }
}
