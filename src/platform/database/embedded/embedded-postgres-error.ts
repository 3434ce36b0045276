/** Why the embedded server cannot run; callers may switch over it exhaustively. */
export type EmbeddedPostgresErrorCode =
  | 'no_binaries'
  | 'already_running'
  | 'disk_full'
  | 'read_only'
  | 'not_writable'
  | 'version_mismatch'
  | 'start_failed'
  | 'stop_failed';

/** The message is one line for the operator and says what to do; details travel in `cause`. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';

  constructor(
    readonly code: EmbeddedPostgresErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message.replace(/\s+/g, ' ').trim(), options);
  }
}

/** Any failure below `folder` as an EmbeddedPostgresError; one that is so already passes through. */
export function toEmbeddedPostgresError(error: unknown, folder: string): EmbeddedPostgresError {
  if (error instanceof EmbeddedPostgresError) return error;
  const code = errorCode(error);
  switch (code ?? '') {
    case 'ENOSPC':
    case 'EDQUOT':
    case '53100': // SQLSTATE disk_full
      return diskFull(folder, error);
    case 'EROFS':
      return readOnly(folder, error);
    case 'EACCES':
    case 'EPERM':
    case 'ENOTDIR':
      return notWritable(folder, error);
    default:
      return new EmbeddedPostgresError(
        'start_failed',
        `The embedded PostgreSQL did not start on ${folder}: ${error instanceof Error ? error.message : String(error)}. Fix the cause or set DATABASE_URL to a server of your own.`,
        { cause: error },
      );
  }
}

/**
 * What a PostgreSQL program wrote before it failed, as an error. Its output is the only channel on which
 * initdb and the server report errno, so this is the one place that reads text.
 */
export function fromServerOutput(program: string, output: string, folder: string): EmbeddedPostgresError {
  const cause = new Error(`${program}: ${output.trim()}`);
  if (/No space left on device|Disk quota exceeded/.test(output)) return diskFull(folder, cause);
  if (output.includes('Read-only file system')) return readOnly(folder, cause);
  if (output.includes('Permission denied')) return notWritable(folder, cause);
  const lines = output
    .split('\n')
    .filter((line) => /FATAL|PANIC|error/i.test(line) && !line.includes('the database system is'));
  const last = lines.at(-1) ?? output.trim().split('\n').at(-1) ?? '';
  const reason = last.replace(/^.*?(FATAL|PANIC|error): */i, '');
  return new EmbeddedPostgresError(
    'start_failed',
    `${program} failed on ${folder}: ${reason === '' ? 'it gave no reason' : reason}. Fix the cause or set DATABASE_URL to a server of your own.`,
    { cause },
  );
}

export function diskFull(folder: string, cause?: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'disk_full',
    `The disk that holds ${folder} is full: free some space (a new database needs about 64 MB) or choose another data folder.`,
    { cause },
  );
}

/** The errno name or SQLSTATE of an error, when it carries one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function readOnly(folder: string, cause: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'read_only',
    `The disk that holds ${folder} is read-only: mount it for writing or choose another data folder.`,
    { cause },
  );
}

function notWritable(folder: string, cause: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'not_writable',
    `No permission to write ${folder}${failedAt(cause, folder)}: let the user that runs this program own that folder, or choose another data folder.`,
    { cause },
  );
}

/** The path that the system refused, when it is not the folder itself. */
function failedAt(cause: unknown, folder: string): string {
  if (typeof cause !== 'object' || cause === null || !('path' in cause)) return '';
  return typeof cause.path === 'string' && cause.path !== folder ? ` (refused at ${cause.path})` : '';
}
