import { Pool, type buildConnector } from 'undici';

export interface OriginPoolsOptions {
  readonly connect: buildConnector.connector;
  readonly connectionsPerOrigin: number;
  readonly maxOrigins: number;
  readonly keepAliveMs: number;
  readonly keepAliveMaxMs: number;
}

/**
 * Kept-alive connections by origin. (undici's Agent with `maxOrigins` refuses a new origin when it is full; a
 * receiver must not fail because others are idle, so here the idlest pool gives way.)
 */
export class OriginPools {
  readonly #options: OriginPoolsOptions;
  readonly #pools = new Map<string, Pool>();
  #closed = false;

  constructor(options: OriginPoolsOptions) {
    this.#options = options;
  }

  /** How many origins hold a pool now. */
  get size(): number {
    return this.#pools.size;
  }

  get(origin: string): Pool {
    return this.#pools.get(origin) ?? this.#open(origin);
  }

  /** Ends when every request that has begun has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.close()));
  }

  #open(origin: string): Pool {
    if (this.#pools.size >= this.#options.maxOrigins) this.#evict();
    const pool = new Pool(origin, {
      connect: this.#options.connect,
      connections: this.#options.connectionsPerOrigin,
      pipelining: 1,
      keepAliveTimeout: this.#options.keepAliveMs,
      keepAliveMaxTimeout: this.#options.keepAliveMaxMs,
      // PushExchange bounds the whole request; a timeout between two bytes would let a slow body live for ever.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    if (this.#closed) {
      // A closed pool answers every request with an error: a retry during the shutdown ends as cancelled.
      pool.close(() => undefined);
      return pool;
    }
    const closeWhenUnused = () => {
      const { connected, size } = pool.stats;
      if (connected === 0 && size === 0 && this.#pools.get(origin) === pool) this.#drop(origin, pool);
    };
    pool.on('disconnect', closeWhenUnused).on('connectionError', closeWhenUnused);
    this.#pools.set(origin, pool);
    return pool;
  }

  /** Lets go of the oldest pool without a request; if all are busy, of the oldest (its requests still end). */
  #evict(): void {
    let victim: [string, Pool] | undefined;
    for (const entry of this.#pools) {
      victim ??= entry;
      if (entry[1].stats.size === 0) {
        victim = entry;
        break;
      }
    }
    if (victim !== undefined) this.#drop(...victim);
  }

  #drop(origin: string, pool: Pool): void {
    this.#pools.delete(origin);
    // The callback form: closing cannot fail, and nobody waits for it.
    pool.close(() => undefined);
  }
}
