import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = [Address, number];

/** What {@link AddressPolicy} lets through besides globally routable unicast addresses. */
export interface AddressPolicyOptions {
  /** Lets 127.0.0.0/8 and ::1 through: development only. */
  readonly allowLoopback: boolean;
  /** The operator's networks of private receivers, for example `['10.20.0.0/16', 'fd12:3456::/32']`. */
  readonly allowedCidrs: readonly string[];
}

/** IPv4 that is not globally routable unicast (IANA IPv4 Special-Purpose Address Registry, RFC 6890). */
const REFUSED_V4 = networks(
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private, RFC 1918
  '100.64.0.0/10', // carrier-grade NAT, RFC 6598
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local; the clouds' metadata services are here
  '172.16.0.0/12', // private, RFC 1918
  '192.0.0.0/24', // IETF protocol assignments
  '192.0.2.0/24', // documentation, RFC 5737
  '192.88.99.0/24', // 6to4 relays, RFC 7526
  '192.168.0.0/16', // private, RFC 1918
  '198.18.0.0/15', // benchmarks, RFC 2544
  '198.51.100.0/24', // documentation, RFC 5737
  '203.0.113.0/24', // documentation, RFC 5737
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and the limited broadcast
);

/**
 * The only IPv6 that is globally routable unicast (RFC 4291 section 2.4, the IANA registry). What lies outside
 * is refused without being listed: ::/8, 64:ff9b:1::/48, 100::/64, 5f00::/16, fc00::/7, fe80::/10, fec0::/10,
 * ff00::/8 and all that IANA has not handed out.
 */
const GLOBAL_V6 = network('2000::/3');

/** What is not globally routable inside 2000::/3. */
const REFUSED_V6 = networks(
  '2001::/23', // IETF protocol assignments, ORCHID; Teredo is unwrapped before
  '2001:db8::/32', // documentation, RFC 3849
  '3fff::/20', // documentation, RFC 9637
);

const NAT64 = network('64:ff9b::/96');
const SIX_TO_FOUR = network('2002::/16');
const TEREDO = network('2001::/32');
const LOOPBACK = networks('127.0.0.0/8', '::1/128');

/**
 * Decides which addresses the product may connect to on behalf of a caller (protection from server-side
 * request forgery). An address that hides another one (IPv4-mapped, NAT64, 6to4, Teredo) is judged by the
 * hidden one.
 *
 * @example
 * new AddressPolicy({ allowLoopback: false, allowedCidrs: ['10.20.0.0/16'] }).isAllowed('10.20.1.1') // true
 */
export class AddressPolicy {
  readonly #allowLoopback: boolean;
  readonly #allowed: readonly Network[];

  /** @throws Error that names the entry of `allowedCidrs` that is not a network, or is every address. */
  constructor(options: AddressPolicyOptions) {
    this.#allowLoopback = options.allowLoopback;
    this.#allowed = options.allowedCidrs.map(parseAllowedCidr);
  }

  /** Whether a connection to this IP address may be made. Anything that is not an IP address is refused. */
  isAllowed(address: string): boolean {
    const parsed = parseAddress(address);
    if (parsed === undefined) return false;
    if (this.#allowLoopback && isWithin(parsed, LOOPBACK)) return true;
    return isRoutable(parsed, this.#allowed);
  }

  /** Whether this is a globally routable address, one that needs nobody's leave. */
  isPublic(address: string): boolean {
    const parsed = parseAddress(address);
    return parsed !== undefined && isRoutable(parsed, []);
  }

  /** Whether this is a loopback address, allowed or not. */
  isLoopback(address: string): boolean {
    const parsed = parseAddress(address);
    return parsed !== undefined && isWithin(parsed, LOOPBACK);
  }
}

function isRoutable(address: Address, allowed: readonly Network[]): boolean {
  if (isWithin(address, allowed)) return true;
  if (address instanceof ipaddr.IPv4) return !isWithin(address, REFUSED_V4);
  const hidden = hiddenAddresses(address);
  if (hidden.length > 0) return hidden.every((inner) => isRoutable(inner, allowed));
  return isWithin(address, [GLOBAL_V6]) && !isWithin(address, REFUSED_V6);
}

function parseAddress(address: string): Address | undefined {
  const family = isIP(address);
  if (family === 4) return ipaddr.IPv4.parse(address);
  // A zone id (`fe80::1%eth0`) names an interface of this machine: nothing that a receiver may choose.
  if (family !== 6 || address.includes('%')) return undefined;
  // Without its dotted form: ipaddr.js reads ::8.8.8.8 as ::ffff:8.8.8.8, which is another address.
  const hex = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const parsed = ipaddr.IPv6.parse(hex);
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address() : parsed;
}

/** The IPv4 addresses that an IPv6 address leads to through a translator or a tunnel. */
function hiddenAddresses(address: ipaddr.IPv6): ipaddr.IPv4[] {
  const bytes = address.toByteArray();
  const v4At = (start: number) => new ipaddr.IPv4(bytes.slice(start, start + 4));
  // RFC 6052 section 2.2. (64:ff9b:1::/48 of RFC 8215 does not say where the address is; it is never global.)
  if (isWithin(address, [NAT64])) return [v4At(12)];
  // RFC 3056 section 2
  if (isWithin(address, [SIX_TO_FOUR])) return [v4At(2)];
  // RFC 4380 section 4: the server, and the client's address with every bit inverted
  if (isWithin(address, [TEREDO])) {
    return [v4At(4), new ipaddr.IPv4(bytes.slice(12).map((byte) => byte ^ 0xff))];
  }
  return [];
}

function isWithin(address: Address, ranges: readonly Network[]): boolean {
  return ranges.some(([base, bits]) => {
    if (address instanceof ipaddr.IPv4) return base instanceof ipaddr.IPv4 && address.match(base, bits);
    return base instanceof ipaddr.IPv6 && address.match(base, bits);
  });
}

function parseAllowedCidr(cidr: string): Network {
  let parsed: Network;
  try {
    parsed = network(cidr);
  } catch (cause) {
    throw new Error(`"${cidr}" is not a network such as 10.20.0.0/16 or fd12:3456::/32`, { cause });
  }
  if (parsed[1] === 0) throw new Error(`"${cidr}" would allow every address`);
  return parsed;
}

function networks(...cidrs: string[]): readonly Network[] {
  return cidrs.map(network);
}

function network(cidr: string): Network {
  return ipaddr.parseCIDR(cidr);
}
