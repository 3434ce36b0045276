import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a stream's `aud` is an array although it has one value: receivers from before 1.0 get it as they sent it. */
export class AudienceForm1763815000000 implements MigrationInterface {
  name = 'AudienceForm1763815000000';

  async up(runner: QueryRunner): Promise<void> {
    // a constant default is kept in the catalogue: no row is written
    await runner.query('alter table ssf.stream add column audience_is_list boolean not null default false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table ssf.stream drop column audience_is_list');
  }
}
