import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Inactivity, limits of frequency, a status that only an administrator lifts, and the bytes of polled SETs. */
export class ReceiverApi1763810000000 implements MigrationInterface {
  name = 'ReceiverApi1763810000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table ssf.application add column inactivity_timeout_seconds int
        check (inactivity_timeout_seconds between 300 and 31536000);

      -- room on the page: noting an activity is then an update that touches no index
      alter table ssf.stream set (fillfactor = 80);
      alter table ssf.stream
        add column status_locked boolean not null default false,
        -- written only where an inactivity timeout counts, and not at every request
        add column last_activity_at timestamptz,
        drop column verification_requested_at;

      -- How often a receiver may ask for something: free_at is when its allowance is whole again.
      create table ssf.stream_limit (
        stream_id uuid not null references ssf.stream on delete cascade,
        kind text not null,
        free_at timestamptz not null,
        primary key (stream_id, kind)
      ) with (fillfactor = 50);

      -- header and signature of a SET that a poll got (RFC 7515 appendix F): it gets the same bytes again
      alter table ssf.delivery add column signature text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table ssf.delivery drop column signature;
      drop table ssf.stream_limit;
      alter table ssf.stream
        add column verification_requested_at timestamptz,
        drop column last_activity_at,
        drop column status_locked;
      alter table ssf.stream reset (fillfactor);
      alter table ssf.application drop column inactivity_timeout_seconds;
    `);
  }
}
