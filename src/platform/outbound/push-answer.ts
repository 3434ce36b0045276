/** How a POST ended. A failure is a value, because a failing receiver is an expected outcome. */
export type PushAnswer = PushResponse | PushFailure;

/** The receiver answered. */
export interface PushResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly headers: { readonly contentType?: string; readonly retryAfter?: string };
  /** The first bytes of the body (`OutboundOptions.maxBodyBytes`), as UTF-8 without NUL characters. */
  readonly body: string;
  readonly durationMs: number;
}

/** No usable answer came. */
export interface PushFailure {
  readonly kind: 'network';
  readonly code: NetworkCode;
  /** A short sentence for people. It names no address, header or body. */
  readonly message: string;
  readonly durationMs: number;
}

export type NetworkCode =
  /** the URL is not allowed, or its host has an address that is not allowed */
  | 'blocked_address'
  /** the host name has no address, or the lookup failed or took too long */
  | 'dns_failure'
  /** TCP and TLS were not established in time */
  | 'connect_timeout'
  /** no complete response in time */
  | 'timeout'
  /** the certificate is not trusted or not for this host, or the handshake failed */
  | 'tls_failure'
  | 'connection_refused'
  | 'connection_reset'
  /** what came is not HTTP/1.1, or its header is too large */
  | 'invalid_response'
  /** the caller's signal, or `close()` */
  | 'aborted'
  /** anything else, such as no route, or a header value that HTTP cannot carry */
  | 'network_error';
