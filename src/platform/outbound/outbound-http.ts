import type { EndpointPolicy, ParsedEndpoint } from './endpoint-policy.js';
import { OriginPools } from './origin-pools.js';
import type { NetworkCode, PushAnswer } from './push-answer.js';
import { PushExchange } from './push-exchange.js';
import { vettedConnector } from './vetted-connector.js';

export interface OutboundOptions {
  /** From the start of a connection until it is usable, TLS included. Default 3000. */
  readonly connectTimeoutMs?: number;
  /** The whole of a `post()`: waiting for a connection, connecting, a retry, header and body. Default 10000. */
  readonly timeoutMs?: number;
  /** How much of a response's body is kept; a longer one is cut and its connection closed. Default 16384. */
  readonly maxBodyBytes?: number;
  /** Connections to one origin; more requests wait for one, inside their `timeoutMs`. Default 32. */
  readonly connectionsPerOrigin?: number;
  /** Origins with open connections; the idlest gives way to a new one. Default 1024. */
  readonly maxOrigins?: number;
  /** How long an idle connection is kept, unless the receiver says otherwise. Default 10000. */
  readonly keepAliveMs?: number;
  /** The longest that a receiver's `Keep-Alive` header can make it. Default 60000. */
  readonly keepAliveMaxMs?: number;
  /** PEM certificates that are trusted besides Node's default roots, for receivers with a private authority. */
  readonly extraCa?: string | readonly string[];
}

export interface OutboundRequest {
  readonly url: string;
  /** Header fields to send: `accept`, `authorization`, `content-type`, `user-agent`. Others are refused. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  readonly signal?: AbortSignal;
}

const MAX_PARSED_URLS = 4_096;
/** What a caller may say. All else frames the message, names the host, or is nobody's to set. */
const CALLERS_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'authorization',
  'content-type',
  'user-agent',
]);

/**
 * The only way in which the product calls a URL that a caller chose. It dials vetted addresses only
 * ({@link EndpointPolicy}), follows no redirect (it would carry credentials to a place that nobody vetted),
 * always validates TLS, bounds time and body, and tells nobody of a trace.
 *
 * @example
 * const answer = await outbound.post({ url, headers: { 'content-type': 'application/secevent+jwt' }, body: set });
 * if (answer.kind === 'response' && answer.status === 202) …
 */
export class OutboundHttp {
  readonly #endpoints: EndpointPolicy;
  readonly #pools: OriginPools;
  readonly #timeoutMs: number;
  readonly #maxBodyBytes: number;
  readonly #parsed = new Map<string, ParsedEndpoint>();
  #closed = false;

  constructor(endpoints: EndpointPolicy, options: OutboundOptions = {}) {
    this.#endpoints = endpoints;
    this.#timeoutMs = options.timeoutMs ?? 10_000;
    this.#maxBodyBytes = options.maxBodyBytes ?? 16_384;
    this.#pools = new OriginPools({
      connect: vettedConnector(endpoints, {
        connectTimeoutMs: options.connectTimeoutMs ?? 3_000,
        ...(options.extraCa === undefined ? {} : { extraCa: options.extraCa }),
      }),
      connectionsPerOrigin: options.connectionsPerOrigin ?? 32,
      maxOrigins: options.maxOrigins ?? 1_024,
      keepAliveMs: options.keepAliveMs ?? 10_000,
      keepAliveMaxMs: options.keepAliveMaxMs ?? 60_000,
    });
  }

  /** How many origins have open connections. */
  get openOrigins(): number {
    return this.#pools.size;
  }

  /**
   * Sends one POST and reads the response. Settles within `timeoutMs`. It never rejects because of the network
   * or the receiver; it does for a header that is not the caller's to set.
   *
   * @throws TypeError
   */
  post(request: OutboundRequest): Promise<PushAnswer> {
    return this.#exchange('POST', request);
  }

  /** As {@link post}, to fetch a document: a key set, or metadata. One that is larger than `maxBytes` is cut. */
  get(request: Omit<OutboundRequest, 'body'>, { maxBytes }: { maxBytes: number }): Promise<PushAnswer> {
    return this.#exchange('GET', request, maxBytes);
  }

  #exchange(
    method: 'GET' | 'POST',
    request: Omit<OutboundRequest, 'body'> & { body?: OutboundRequest['body'] },
    maxBodyBytes = this.#maxBodyBytes,
  ): Promise<PushAnswer> {
    const { url, headers, body = null, signal } = request;
    for (const name in headers) {
      if (!CALLERS_HEADERS.has(name.toLowerCase()))
        return Promise.reject(new TypeError(`the header ${name} cannot be set`));
    }
    if (this.#closed || signal?.aborted === true) {
      return failed('aborted', 'the request was cancelled');
    }
    const parsed = this.#parse(url);
    if (!parsed.ok) {
      return failed('blocked_address', parsed.reason);
    }
    const { origin, path } = parsed.endpoint;
    return new Promise((settle) => {
      new PushExchange(
        () => this.#pools.get(origin),
        { origin, path, method, headers, body },
        { timeoutMs: this.#timeoutMs, maxBodyBytes, signal },
        settle,
      ).start();
    });
  }

  /** Takes no more requests, waits for those that run (at most `timeoutMs`) and closes the connections. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#pools.close();
  }

  #parse(url: string): ParsedEndpoint {
    const known = this.#parsed.get(url);
    if (known !== undefined) return known;
    const parsed = this.#endpoints.parse(url);
    if (this.#parsed.size >= MAX_PARSED_URLS) this.#parsed.clear();
    this.#parsed.set(url, parsed);
    return parsed;
  }
}

/** Before anything was sent. */
function failed(code: NetworkCode, message: string): Promise<PushAnswer> {
  return Promise.resolve({ kind: 'network', code, message, durationMs: 0 });
}
