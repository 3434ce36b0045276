/**
 * Every failure that a caller can cause or must handle, as a closed union, so that a `switch` over it is
 * exhaustive. The HTTP layers map each code to a status; nothing else knows of HTTP.
 */
export type SsfErrorCode =
  /** the request's body, query or path is wrong; `problems` names the members (SSF 1.0 tables: 400) */
  | 'invalid_request'
  /** no credential was presented (RFC 6750 section 3: 401 without an error code) */
  | 'missing_token'
  /** a credential was presented and is unknown, expired or revoked (RFC 6750 section 3.1: 401) */
  | 'invalid_token'
  /** the credential lacks a scope (RFC 6750 section 3.1: 403) */
  | 'insufficient_scope'
  /** authenticated and scoped, but not allowed to do this (SSF 1.0 tables: 403) */
  | 'forbidden'
  /** it does not exist, or not for this caller (SSF 1.0 tables: 404) */
  | 'not_found'
  /** the path exists, but not with this method; `allow` says with which (405) */
  | 'method_not_allowed'
  /** it exists already, or the present state does not allow it (409) */
  | 'conflict'
  /** SETs wait that would never be delivered; `deletion` says how many, `force=true` does it all the same (409) */
  | 'has_pending_sets'
  /** it was changed since it was read; the `ETag` header says what it is now (RFC 9110 section 13.1.1: 412) */
  | 'precondition_failed'
  /** too often; `retryAfterSeconds` says when again (SSF 1.0 section 8.1.4: 429) */
  | 'too_many_requests'
  /** the body is larger than the server takes (413) */
  | 'payload_too_large'
  /** a dependency is down; the caller may try again (503) */
  | 'unavailable'
  /** a defect or a broken environment; the detail is in `cause` and in the log, never in the answer (500) */
  | 'internal';

/** One thing that is wrong with an input: the member's path (`subject.user.email`, `[2].type`) and what to do. */
export interface Problem {
  readonly member: string;
  readonly message: string;
}

export interface SsfErrorDetail {
  readonly cause?: unknown;
  readonly problems?: readonly Problem[];
  readonly retryAfterSeconds?: number;
  /** the scope that would have been enough (RFC 6750 section 3) */
  readonly scope?: string;
  /** the methods that are allowed (RFC 9110 section 10.2.1) */
  readonly allow?: string;
  /** what there is now (RFC 9110 section 8.8.3) */
  readonly entityTag?: string;
  /** more members of the problem (RFC 9457 section 3.2) */
  readonly extension?: Readonly<Record<string, unknown>>;
  /** where the metadata of the protected resource are (RFC 9728 section 5.1) */
  readonly resourceMetadata?: string;
}

export class SsfError extends Error {
  readonly code: SsfErrorCode;
  readonly problems: readonly Problem[];
  readonly retryAfterSeconds: number | undefined;
  readonly scope: string | undefined;
  readonly allow: string | undefined;
  readonly entityTag: string | undefined;
  readonly extension: Readonly<Record<string, unknown>> | undefined;
  readonly resourceMetadata: string | undefined;

  constructor(code: SsfErrorCode, message: string, detail: SsfErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'SsfError';
    this.code = code;
    this.problems = detail.problems ?? [];
    this.retryAfterSeconds = detail.retryAfterSeconds;
    this.scope = detail.scope;
    this.allow = detail.allow;
    this.entityTag = detail.entityTag;
    this.extension = detail.extension;
    this.resourceMetadata = detail.resourceMetadata;
  }

  /** The same error with more detail. */
  with(detail: SsfErrorDetail): SsfError {
    return new SsfError(this.code, this.message, { ...this, cause: this.cause, ...detail });
  }
}

/** An `invalid_request` whose message reads `member: what is wrong` for each problem. */
export function invalidRequest(...problems: Problem[]): SsfError {
  const message = problems
    .map(({ member, message }) => (member ? `${member}: ${message}` : message))
    .join('; ');
  return new SsfError('invalid_request', message, { problems });
}
