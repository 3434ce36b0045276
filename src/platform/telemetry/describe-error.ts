/** What is logged of an error. */
export interface DescribedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack?: string;
  readonly cause?: DescribedError | string;
  readonly errors?: readonly (DescribedError | string)[];
}

const MAX_CAUSES = 5;

/**
 * An error as an object to log: type, message, code, stack, causes and nothing else, because libraries hang
 * requests, headers and query parameters on their errors.
 */
export function describeError(error: Error, depth = 0): DescribedError {
  const code = 'code' in error ? error.code : undefined;
  const errors: unknown = 'errors' in error ? error.errors : undefined;
  return {
    type: error.name === 'Error' ? error.constructor.name : error.name,
    message: error.message,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.cause === undefined || depth >= MAX_CAUSES ? {} : { cause: describeCause(error.cause, depth) }),
    ...(Array.isArray(errors) && depth < MAX_CAUSES
      ? { errors: errors.slice(0, MAX_CAUSES).map((inner) => describeCause(inner, depth)) }
      : {}),
  };
}

function describeCause(cause: unknown, depth: number): DescribedError | string {
  if (cause instanceof Error) return describeError(cause, depth + 1);
  // Something else was thrown; what it holds is unknown, so only its kind is told.
  return typeof cause === 'string' ? cause : `[${typeof cause}]`;
}
