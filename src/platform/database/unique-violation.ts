import { QueryFailedError } from 'typeorm';

/** Whether PostgreSQL refused a row because its key exists (SQLSTATE 23505). */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof QueryFailedError && sqlState(error.driverError) === '23505';
}

function sqlState(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}
