import type { Dispatcher } from 'undici';
import { untraced } from '../tracing/contexts.js';
import { describeFailure } from './network-failure.js';
import type { PushAnswer } from './push-answer.js';
import { isResetOfReusedSocket } from './vetted-connector.js';

/** Ends an exchange from our side; `code` is a NetworkCode. */
class ExchangeEnd extends Error {
  readonly code: 'timeout' | 'aborted';

  constructor(code: 'timeout' | 'aborted') {
    super(code);
    this.code = code;
  }
}

export interface ExchangeOptions {
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * One POST and its response: undici calls it as bytes come. It uses `dispatch`, the call below
 * undici's `request`, because that needs no stream per response and lets one timer bound the whole exchange:
 * waiting for a connection, connecting, the header and the body.
 */
export class PushExchange implements Dispatcher.DispatchHandler {
  readonly #pool: () => Dispatcher;
  readonly #request: Dispatcher.DispatchOptions;
  readonly #options: ExchangeOptions;
  readonly #settle: (answer: PushAnswer) => void;
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort: (() => void) | undefined;

  #controller: Dispatcher.DispatchController | undefined;
  #ended: ExchangeEnd | undefined;
  #settled = false;
  #retried = false;
  #responseBegan = false;
  #status = 0;
  #headers: { contentType?: string; retryAfter?: string } = {};
  #chunks: Buffer[] = [];
  #bodyBytes = 0;

  constructor(
    pool: () => Dispatcher,
    request: Dispatcher.DispatchOptions,
    options: ExchangeOptions,
    settle: (answer: PushAnswer) => void,
  ) {
    this.#pool = pool;
    this.#request = request;
    this.#options = options;
    this.#settle = settle;
    this.#timer = setTimeout(endAsTimeout, options.timeoutMs, this);
    if (options.signal !== undefined) {
      this.#onAbort = () => this.end('aborted');
      options.signal.addEventListener('abort', this.#onAbort, { once: true });
    }
  }

  start(): void {
    untraced(() => this.#pool().dispatch(this.#request, this));
  }

  /** Ends the exchange now, wherever it is. */
  end(code: 'timeout' | 'aborted'): void {
    this.#ended = new ExchangeEnd(code);
    if (!this.#settled) this.#fail(this.#ended);
    this.#controller?.abort(this.#ended);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It ended while it waited for a connection: undici drops it here, before a byte is sent.
    if (this.#ended !== undefined) controller.abort(this.#ended);
  }

  onResponseStarted(): void {
    this.#responseBegan = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = {
      contentType: single(headers['content-type']),
      retryAfter: single(headers['retry-after']),
    };
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    const room = this.#options.maxBodyBytes - this.#bodyBytes;
    this.#chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    this.#bodyBytes += Math.min(chunk.length, room);
    if (chunk.length <= room) return;
    // Enough was read: the answer stands, and the connection is not worth draining.
    this.#respond();
    controller.abort(new ExchangeEnd('aborted'));
  }

  /**
   * Tells of it when the connection can take the next request. undici says that it can in a `setImmediate`, which it asks
   * for once this has returned; a request that came before would open another connection beside it.
   */
  onResponseEnd(): void {
    if (this.#settled) return;
    const durationMs = this.#elapsed();
    clearTimeout(this.#timer);
    process.nextTick(setImmediate, () => {
      if (!this.#settled) this.#respond(durationMs);
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#settled) return;
    if (!this.#retried && !this.#responseBegan && isResetOfReusedSocket(error)) {
      // RFC 9112 section 9.3.1: no byte of a response came. A SET may be sent twice (RFC 8935 section 2).
      this.#retried = true;
      this.#controller = undefined;
      this.start();
      return;
    }
    this.#fail(error);
  }

  #fail(error: Error): void {
    // RFC 8935 section 2.2: the receiver has taken the SET over with the status; its body adds nothing.
    if (this.#status >= 200 && this.#status < 300) return this.#respond();
    this.#finish({ kind: 'network', ...describeFailure(error), durationMs: this.#elapsed() });
  }

  #respond(durationMs = this.#elapsed()): void {
    this.#finish({
      kind: 'response',
      status: this.#status,
      headers: this.#headers,
      body: this.#body(),
      durationMs,
    });
  }

  #finish(answer: PushAnswer): void {
    this.#settled = true;
    clearTimeout(this.#timer);
    if (this.#onAbort !== undefined) this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#settle(answer);
  }

  #body(): string {
    if (this.#bodyBytes === 0) return '';
    // PostgreSQL cannot store NUL in a text; one hostile body must not fail the batch that stores it.
    return Buffer.concat(this.#chunks).toString('utf8').replaceAll('\0', '\uFFFD');
  }

  #elapsed(): number {
    return Math.round(performance.now() - this.#startedAt);
  }
}

function endAsTimeout(exchange: PushExchange): void {
  exchange.end('timeout');
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
