/** Who calls the receiver API, once authenticated. */
export interface ReceiverPrincipal {
  readonly applicationId: string;
  readonly scopes: readonly string[];
}

/** The facts of a request that an authenticator may need, whatever the HTTP adapter. */
export interface ReceiverRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly remoteAddress: string | undefined;
  /** the bearer token of the Authorization header (RFC 6750 section 2.1) */
  readonly bearerToken: string;
}

/**
 * How a host authenticates receivers itself. Answers the application and its scopes, or undefined when the
 * credential is not valid. Anything thrown is an internal error, never an admission.
 */
export interface ReceiverAuthenticator {
  authenticate(request: ReceiverRequest): Promise<ReceiverPrincipal | undefined>;
}

/** The part of EventEmitter2 that is needed to listen. */
export interface HostEmitter {
  on(event: string, listener: (...values: unknown[]) => unknown): unknown;
  off(event: string, listener: (...values: unknown[]) => unknown): unknown;
}

/**
 * Events of the host's own emitter that are recorded as signals. `toSignals` gives the signals of one event (the
 * body of `POST /api/v1/signals`), or undefined for none. Emit with `await emitter.emitAsync(...)`: until it
 * resolves the signal is in memory only, and with plain `emit` a failure to record is no more than logged.
 */
export interface HostEvents {
  readonly emitter: HostEmitter;
  readonly map: Readonly<Record<string, (...values: unknown[]) => unknown>>;
}
