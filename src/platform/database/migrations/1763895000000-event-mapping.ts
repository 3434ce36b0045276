import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What signals become, where a provider says otherwise than the default. A constant default rewrites no row. */
export class EventMapping1763895000000 implements MigrationInterface {
  name = 'EventMapping1763895000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table ssf.provider add column event_mapping jsonb not null default '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table ssf.provider drop column event_mapping');
  }
}
