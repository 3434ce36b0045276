import type { EntityManager } from 'typeorm';

/** The time of the caller's transaction, by the clock that all processes share. */
export async function databaseNow(manager: EntityManager): Promise<Date> {
  const [row] = await manager.query<{ now: Date }[]>('select now() as now');
  if (!row) throw new Error('the database did not tell the time');
  return row.now;
}
