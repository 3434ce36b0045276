import type { MigrationInterface, QueryRunner } from 'typeorm';

/** History goes by the day alone (docs/adr/0013-retention.md): nothing notes what was deleted row by row. */
export class HistoryRetention1763850000000 implements MigrationInterface {
  name = 'HistoryRetention1763850000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop table ssf.purged_day');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table ssf.purged_day (
        provider_id uuid not null,
        day date not null,
        purged_at timestamptz not null default now(),
        left_over int not null,
        primary key (provider_id, day)
      )`);
  }
}
