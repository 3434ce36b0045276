import { AddressPolicy } from '../outbound/address-policy.js';
import { SecretBox } from '../secrets/secret-box.js';

/** A setting is wrong. The message names the setting and the problem, never the value. */
export class SettingError extends Error {
  constructor(
    readonly problem: string,
    readonly setting?: string,
    cause?: unknown,
  ) {
    super(setting ? `${setting} ${problem}` : problem, { cause });
    this.name = 'SettingError';
  }
}

export function parsePort(value: string): number {
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65535 || Number(value) === 0)
    throw new SettingError('must be a port number from 1 to 65535');
  return Number(value);
}

export function parseListSetting(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** An absolute https URL without query or fragment (http too when its host is loopback), without a trailing slash. */
export function parseUrl(value: string): string {
  if (!URL.canParse(value)) throw new SettingError('must be an absolute URL such as https://idp.example');
  const url = new URL(value);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackHost(url.hostname)))
    throw new SettingError('must be an https URL (http only when its host is loopback)');
  if (url.search || url.hash || url.username || url.password)
    throw new SettingError('must have no query, no fragment and no user information');
  return url.href.replace(/\/+$/, '');
}

/** The value stays as it is: node-postgres reads it. */
export function parseDatabaseUrl(value: string): string {
  if (!/^postgres(ql)?:\/\//.test(value)) throw new SettingError('must be a postgres:// URL');
  return value;
}

/** The value stays as it is: SecretBox reads it. */
export function parseEncryptionKey(value: string): string {
  try {
    SecretBox.parseKeys(value);
    return value;
  } catch (error) {
    throw new SettingError(
      'must be 32 bytes in base64, or several such keys, separated by commas',
      undefined,
      error,
    );
  }
}

export function parseCidrs(value: string): string[] {
  const cidrs = parseListSetting(value);
  checkCidrs(cidrs);
  return cidrs;
}

export function checkCidrs(cidrs: readonly string[]): void {
  try {
    new AddressPolicy({ allowLoopback: false, allowedCidrs: cidrs });
  } catch (error) {
    throw new SettingError('must be CIDRs such as 10.20.0.0/16, separated by commas', undefined, error);
  }
}
