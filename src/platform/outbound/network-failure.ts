import { errors } from 'undici';
import { assertNever } from '../../core/assert-never.js';
import type { NetworkCode } from './push-answer.js';

/** Certificate verdicts of OpenSSL (`X509_V_ERR_*`) that share no prefix with the others. */
const CERTIFICATE_CODES: ReadonlySet<string> = new Set([
  'EPROTO',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
]);
const TLS_PREFIXES = ['ERR_TLS_', 'ERR_SSL_', 'CERT_', 'CRL_', 'UNABLE_TO_'];

/** The closed code and a sentence for an error of undici, `net`, `tls` or the vetting. */
export function describeFailure(error: Error): { code: NetworkCode; message: string } {
  const cause = codeOf(error);
  // undici 7 gives the errors of its parser no code.
  const code = error instanceof errors.HTTPParserError ? 'invalid_response' : classify(cause);
  // The error's own message may name the resolved address; its code does not.
  const detail = cause === '' || cause === code ? '' : ` (${cause})`;
  return { code, message: sentence(code) + detail };
}

function classify(cause: string): NetworkCode {
  if (TLS_PREFIXES.some((prefix) => cause.startsWith(prefix)) || CERTIFICATE_CODES.has(cause)) {
    return 'tls_failure';
  }
  switch (cause) {
    case 'blocked_address':
    case 'dns_failure':
    case 'timeout':
    case 'aborted':
      return cause;
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return 'connect_timeout';
    case 'ECONNREFUSED':
      return 'connection_refused';
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return 'connection_reset';
    case 'UND_ERR_HEADERS_OVERFLOW':
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      return 'invalid_response';
    case 'UND_ERR_CLOSED':
    case 'UND_ERR_DESTROYED':
      return 'aborted';
    default:
      return 'network_error';
  }
}

function sentence(code: NetworkCode): string {
  switch (code) {
    case 'blocked_address':
      return 'the endpoint is, or resolves to, an address that is not allowed';
    case 'dns_failure':
      return 'the host name could not be resolved';
    case 'connect_timeout':
      return 'the connection was not established in time';
    case 'timeout':
      return 'the receiver did not answer in time';
    case 'tls_failure':
      return 'the TLS connection failed';
    case 'connection_refused':
      return 'the connection was refused';
    case 'connection_reset':
      return 'the connection was closed before the response was complete';
    case 'invalid_response':
      return 'the response is not valid HTTP/1.1';
    case 'aborted':
      return 'the request was cancelled';
    case 'network_error':
      return 'the request could not be sent';
    default:
      return assertNever(code);
  }
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
