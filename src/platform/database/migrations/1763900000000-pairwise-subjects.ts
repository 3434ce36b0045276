import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Applications that know users by names of their own. A constant default rewrites no row, and applications are few. */
export class PairwiseSubjects1763900000000 implements MigrationInterface {
  name = 'PairwiseSubjects1763900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table ssf.application
        add column pairwise_subjects boolean not null default false,
        -- sealed; it stays when the option is switched off, so that names are the same when it is on again
        add column pairwise_secret bytea,
        add constraint application_pairwise check (not pairwise_subjects or pairwise_secret is not null);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table ssf.application
        drop constraint application_pairwise,
        drop column pairwise_secret,
        drop column pairwise_subjects;
    `);
  }
}
