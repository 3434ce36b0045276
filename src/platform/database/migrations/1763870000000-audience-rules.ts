import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who became a subject of a stream by signing in, and who has opted out. New tables only: nothing waits for it. */
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

      -- RISC 1.0 section 2.8: the state of each identifier of a user, towards one application or (null) all those that
      -- have none of their own. What is opt-in anyhow has no row.
      create table ssf.opt_out (
        provider_id uuid not null references ssf.provider on delete cascade,
        key bytea not null,
        application_id uuid references ssf.application on delete cascade,
        state text not null check (state in ('opt-in', 'opt-out-initiated', 'opt-out')),
        changed_at timestamptz not null default now(),
        constraint opt_out_user unique nulls not distinct (provider_id, key, application_id)
      );
      create index opt_out_application on ssf.opt_out (application_id) where application_id is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table ssf.opt_out;
      drop table ssf.auto_subscription;`);
  }
}
