import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { AddressPolicy } from './address-policy.js';

/** One answer of a name lookup. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Looks up every A and AAAA address of a host name; rejects when there is none. */
export type ResolveHost = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export interface EndpointPolicyOptions {
  /** Lets `http:` through, but only for hosts whose every address is an allowed loopback address. */
  readonly allowHttp: boolean;
  /** Ports of the service's own, such as its database's: only globally routable addresses may be called on them. */
  readonly reservedPorts?: readonly number[];
  /** How long a name lookup may take. Default 3000. */
  readonly lookupTimeoutMs?: number;
  /** Default: the operating system's resolver, for A and AAAA. */
  readonly resolveHost?: ResolveHost;
}

/** A push endpoint's URL, taken apart. */
export interface Endpoint {
  readonly protocol: 'https:' | 'http:';
  /** A name or an IP address, normalised and without the brackets of IPv6. */
  readonly hostname: string;
  readonly port: number;
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
}

/** How a host is called; which of its addresses may be depends on it. */
export interface Channel {
  readonly protocol: string;
  readonly isReserved: boolean;
}

export type ParsedEndpoint = { ok: true; endpoint: Endpoint } | { ok: false; reason: string };
export type EndpointCheck = { ok: true } | { ok: false; reason: string };
export type VettedHost =
  | { ok: true; addresses: readonly ResolvedAddress[] }
  | { ok: false; failure: 'blocked_address' | 'dns_failure'; reason: string };

const NOT_ROUTABLE =
  'the host is, or resolves to, an address that is not allowed (loopback, private or reserved)';
const RESERVED_PORT = 'this port is not allowed at an address of a private network or of this machine';
const HTTP_ELSEWHERE = 'http is allowed only for hosts that resolve to loopback; use https';

/**
 * Which URLs may be a receiver's endpoint (RFC 8935 sections 2 and 5.3 ask for TLS; the rest keeps callers from
 * reaching the operator's own network). Checked when a stream is created or changed, so that the caller sees
 * the reason, and again at each connect by OutboundHttp, because names change their addresses.
 */
export class EndpointPolicy {
  readonly #addresses: AddressPolicy;
  readonly #allowHttp: boolean;
  readonly #reservedPorts: ReadonlySet<number>;
  readonly #lookupTimeoutMs: number;
  readonly #resolveHost: ResolveHost;

  constructor(addresses: AddressPolicy, options: EndpointPolicyOptions) {
    this.#addresses = addresses;
    this.#allowHttp = options.allowHttp;
    this.#reservedPorts = new Set(options.reservedPorts);
    this.#lookupTimeoutMs = options.lookupTimeoutMs ?? 3_000;
    this.#resolveHost = options.resolveHost ?? ((hostname) => lookup(hostname, { all: true }));
  }

  /** Judges a URL and every address that its host has now. The reason is for the caller and names no address. */
  async check(url: string): Promise<EndpointCheck> {
    const parsed = this.parse(url);
    if (!parsed.ok) return parsed;
    const { protocol, hostname, port } = parsed.endpoint;
    const vetted = await this.vetHost(this.channel(protocol, port), hostname);
    return vetted.ok ? { ok: true } : { ok: false, reason: vetted.reason };
  }

  /** Judges the URL alone. The WHATWG parser turns every notation of an IPv4 address into the dotted one. */
  parse(url: string): ParsedEndpoint {
    // The parser would silently drop or turn these, so that what is stored is not what is called.
    if (/[\s\\\p{Cc}]/u.test(url)) return refuse('the URL must not contain white space or a backslash');
    const parsed = URL.parse(url);
    if (parsed === null) return refuse('this is not an absolute URL with a valid host');
    const { protocol } = parsed;
    if (protocol !== 'https:' && protocol !== 'http:') return refuse('the URL must start with https://');
    if (protocol === 'http:' && !this.#allowHttp) return refuse('the URL must start with https://');
    if (parsed.username !== '' || parsed.password !== '') {
      return refuse('the URL must not contain a user name or a password');
    }
    if (url.includes('#')) return refuse('the URL must not contain a fragment (#)');
    if (parsed.port === '0') return refuse('port 0 cannot be connected to');
    if (parsed.hostname.endsWith('.')) return refuse('the host name must not end with a dot');
    const hostname = parsed.hostname.replace(/^\[(.*)\]$/, '$1');
    const port = portOf(protocol, parsed.port);
    return {
      ok: true,
      endpoint: { protocol, hostname, port, origin: parsed.origin, path: parsed.pathname + parsed.search },
    };
  }

  channel(protocol: string, port: number): Channel {
    return { protocol, isReserved: this.#reservedPorts.has(port) };
  }

  /** Resolves a host and refuses it if any of its addresses is not allowed. The addresses are the ones to dial. */
  async vetHost(channel: Channel, hostname: string): Promise<VettedHost> {
    const literal = isIP(hostname);
    const addresses =
      literal === 0 ? await this.#resolve(hostname) : [{ address: hostname, family: literal }];
    if (typeof addresses === 'string') return { ok: false, failure: 'dns_failure', reason: addresses };
    if (!addresses.every(({ address }) => this.#addresses.isAllowed(address))) {
      return { ok: false, failure: 'blocked_address', reason: NOT_ROUTABLE };
    }
    if (!addresses.every(({ address }) => this.allows(channel, address))) {
      const reason = channel.isReserved ? RESERVED_PORT : HTTP_ELSEWHERE;
      return { ok: false, failure: 'blocked_address', reason };
    }
    return { ok: true, addresses };
  }

  /** Whether this IP address may be called so. */
  allows({ protocol, isReserved }: Channel, address: string): boolean {
    if (!this.#addresses.isAllowed(address)) return false;
    if (isReserved && !this.#addresses.isPublic(address)) return false;
    return protocol === 'https:' || (this.#allowHttp && this.#addresses.isLoopback(address));
  }

  /** The addresses, or why there are none. */
  async #resolve(hostname: string): Promise<readonly ResolvedAddress[] | string> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<string>((resolve) => {
      timer = setTimeout(resolve, this.#lookupTimeoutMs, 'the lookup of the host name took too long');
    });
    const found = this.#resolveHost(hostname).then(
      (addresses) => (addresses.length > 0 ? addresses : 'the host name has no address'),
      () => 'the host name could not be resolved',
    );
    try {
      return await Promise.race([found, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The WHATWG parser leaves the default port out. */
export function portOf(protocol: string, port: string): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}

function refuse(reason: string): { ok: false; reason: string } {
  return { ok: false, reason };
}
