import { sqlStateOf } from './sql-state.js';

/** Whether PostgreSQL refused a row because its key exists (SQLSTATE 23505). */
export function isUniqueViolation(error: unknown): boolean {
  return sqlStateOf(error) === '23505';
}
