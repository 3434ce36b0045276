import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
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

/** Names, not paths: they are meant wherever they stand. */
export function parseMemberNames(value: string): string[] {
  const names = parseListSetting(value);
  if (!names.every((name) => /^[\w-]{1,64}$/.test(name)))
    throw new SettingError('must be names of members, of letters, digits, - and _, separated by commas');
  return names;
}

export const ROLES = ['admin', 'receiver', 'delivery'] as const;
export type Role = (typeof ROLES)[number];

export function parseRoles(value: string): Role[] {
  const names = parseListSetting(value);
  const roles = ROLES.filter((role) => names.includes(role));
  if (roles.length === 0 || roles.length < names.length)
    throw new SettingError(`must be some of ${ROLES.join(', ')}, separated by commas`);
  return roles;
}

export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** An absolute https URL without query or fragment (http too when its host is loopback), without a trailing slash. */
export function parseUrl(value: string): string {
  const url = locationOf(value);
  if (url.search) throw new SettingError('must have no query');
  return url.href.replace(/\/+$/, '');
}

/** The URL of a document, which may have a query (https as above). The value stays as it is. */
export function parseDocumentUrl(value: string): string {
  locationOf(value);
  return value;
}

function locationOf(value: string): URL {
  if (!URL.canParse(value)) throw new SettingError('must be an absolute URL such as https://idp.example');
  const url = new URL(value);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackHost(url.hostname)))
    throw new SettingError('must be an https URL (http only when its host is loopback)');
  if (url.hash || url.username || url.password)
    throw new SettingError('must have no fragment and no user information');
  return url;
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

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Node takes anything as an authority, and silently trusts nobody when it is none. */
export function checkCertificates(pem: string): void {
  try {
    const certificates = pem.match(CERTIFICATE) ?? [];
    if (certificates.length === 0) throw new SettingError('must hold PEM certificates');
    for (const certificate of certificates) new X509Certificate(certificate);
  } catch (error) {
    throw new SettingError('must hold PEM certificates', undefined, error);
  }
}

/** Names of the special networks, as Express' "trust proxy" has them. */
const PROXY_NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

/** `true`, `false`, a number of hops, or addresses, networks and names of networks, as Express' "trust proxy". */
export function parseTrustProxy(value: string): boolean | number | string {
  if (value === 'true' || value === 'false') return value === 'true';
  if (/^\d{1,2}$/.test(value)) return Number(value);
  const isProxy = (item: string): boolean =>
    PROXY_NETWORKS.includes(item) || isIP(item) !== 0 || isNetwork(item);
  const proxies = parseListSetting(value);
  if (proxies.length === 0 || !proxies.every(isProxy))
    throw new SettingError(
      'must be true, false, a number of hops, or addresses and CIDRs, separated by commas',
    );
  return proxies.join(',');
}

function isNetwork(value: string): boolean {
  const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(value) ?? [];
  const family = isIP(address);
  return family !== 0 && Number(bits) <= (family === 4 ? 32 : 128);
}
