import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Folding of repeats (docs/adr/0020-folding-repeats.md): a setting without a default, and a new table. */
export class FoldRepeats1763915000000 implements MigrationInterface {
  name = 'FoldRepeats1763915000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table ssf.provider add column fold_repeats jsonb;

      -- Of providers that fold repeats: the last signal of each family about each identifier. Kept for two hours.
      create table ssf.last_signal (
        provider_id uuid not null references ssf.provider on delete cascade,
        -- hash of the identifier, as in signal.subject_hashes
        key bigint not null,
        family text not null,
        -- digest of what the signal says
        fingerprint bytea not null,
        signal_id uuid not null,
        occurred_at timestamptz not null,
        noted_at timestamptz not null default now(),
        primary key (provider_id, key, family)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table ssf.last_signal;
      alter table ssf.provider drop column fold_repeats;`);
  }
}
