import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What administrators edit counts its changes, for ETag and If-Match. Not `updated_at`: that is when the transaction
 * began, so that of two changes the later one can have the earlier time, or the same. A constant default rewrites no row.
 */
export class RowVersions1763910000000 implements MigrationInterface {
  name = 'RowVersions1763910000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of EDITED)
      await runner.query(`alter table ssf.${table} add column version int not null default 1`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of EDITED) await runner.query(`alter table ssf.${table} drop column version`);
  }
}

const EDITED = ['provider', 'application', 'stream', 'signal_source'];
