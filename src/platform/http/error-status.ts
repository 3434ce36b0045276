import { HttpException } from '@nestjs/common';
import { assertNever } from '../../core/assert-never.js';
import { SsfError, type SsfErrorCode } from '../../core/errors.js';

/** SSF 1.0 section 8.1 tables, RFC 6750 section 3.1. */
export function statusOf(code: SsfErrorCode): number {
  switch (code) {
    case 'invalid_request':
      return 400;
    case 'missing_token':
    case 'invalid_token':
      return 401;
    case 'insufficient_scope':
    case 'forbidden':
      return 403;
    case 'not_found':
      return 404;
    case 'method_not_allowed':
      return 405;
    case 'conflict':
    case 'has_pending_sets':
      return 409;
    case 'precondition_failed':
      return 412;
    case 'payload_too_large':
      return 413;
    case 'too_many_requests':
      return 429;
    case 'internal':
      return 500;
    case 'unavailable':
      return 503;
    default:
      return assertNever(code);
  }
}

/** RFC 6750 section 3: no error code when no token was presented. RFC 9728 section 5.1: where to get one. */
export function bearerChallenge(error: SsfError): string | undefined {
  const { code, scope, resourceMetadata } = error;
  if (code !== 'missing_token' && code !== 'invalid_token' && code !== 'insufficient_scope') return undefined;
  const parameters = {
    realm: 'ssf',
    error: code === 'missing_token' ? undefined : code,
    scope,
    resource_metadata: resourceMetadata,
  };
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return `Bearer ${given.map(([name, value]) => `${name}="${value}"`).join(', ')}`;
}

/** Whatever was thrown, as one of our errors; what is not ours is a defect and keeps its cause. */
export function asSsfError(thrown: unknown): SsfError {
  if (thrown instanceof SsfError) return thrown;
  const status = httpStatusOf(thrown);
  if (status === 413) return new SsfError('payload_too_large', 'the body is too large', { cause: thrown });
  if (status === 404) return new SsfError('not_found', 'there is nothing here', { cause: thrown });
  if (status === 429) return new SsfError('too_many_requests', 'too many requests', { cause: thrown });
  if (status !== undefined && status >= 400 && status < 500)
    return new SsfError(
      'invalid_request',
      thrown instanceof Error ? thrown.message : 'the request is wrong',
      { cause: thrown },
    );
  return new SsfError('internal', 'something went wrong on our side; the log has the details', {
    cause: thrown,
  });
}

function httpStatusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const isObject = typeof thrown === 'object' && thrown !== null;
  return isObject && 'statusCode' in thrown && typeof thrown.statusCode === 'number'
    ? thrown.statusCode
    : undefined;
}
