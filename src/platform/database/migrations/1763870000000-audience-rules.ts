import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who became a subject of a stream by signing in. New tables only: nothing waits for it. */
export class AudienceRules1763870000000 implements MigrationInterface {
  name = 'AudienceRules1763870000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Subjects that were added to a stream by their first session; they stay here when they are removed from it.
      create table ssf.auto_subscription (
        stream_id uuid not null references ssf.stream on delete cascade,
        identity bytea not null,
        primary key (stream_id, identity)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table ssf.auto_subscription;`);
  }
}
