import ipaddr from 'ipaddr.js';
import { RecentCache } from '../recent-cache.js';

const MINUTE_MS = 60_000;
/** Of which the oldest are forgotten: who has so many can try as often as that anyway. */
const MAX_ADDRESSES = 10_000;

interface Minute {
  readonly since: number;
  failures: number;
}

/** Failures by client address, in memory: those of this process, in minutes that begin with the first one. */
export class FailureLimit {
  private readonly minutes = new RecentCache<Minute>(MAX_ADDRESSES);

  constructor(
    private readonly perMinute: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Seconds until the address may fail again; undefined while it still may. */
  waitSeconds(address: string | undefined): number | undefined {
    const minute = this.current(networkOf(address));
    if (!minute || minute.failures < this.perMinute) return undefined;
    return Math.ceil((minute.since + MINUTE_MS - this.now()) / 1000);
  }

  count(address: string | undefined): void {
    const network = networkOf(address);
    const minute = this.current(network);
    if (minute) minute.failures += 1;
    else this.minutes.put(network, { since: this.now(), failures: 1 });
  }

  private current(network: string): Minute | undefined {
    const minute = this.minutes.find(network);
    return minute && this.now() < minute.since + MINUTE_MS ? minute : undefined;
  }
}

/** One of IPv4; of IPv6 the first 64 bits, in which one client has as many addresses as it likes (RFC 7934). */
export function networkOf(address: string | undefined): string {
  // a proxy that is believed may say anything
  if (address === undefined || !ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toNormalizedString();
  return `${ipaddr.fromByteArray([...parsed.toByteArray().slice(0, 8), ...Array<number>(8).fill(0)]).toNormalizedString()}/64`;
}
