import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the personal data of a signal or SET were removed, of which the rest stays. New columns without a default. */
export class PurgedHistory1763912000000 implements MigrationInterface {
  name = 'PurgedHistory1763912000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table ssf.signal add column purged_at timestamptz;
      alter table ssf.security_event_token add column purged_at timestamptz;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table ssf.security_event_token drop column purged_at;
      alter table ssf.signal drop column purged_at;
    `);
  }
}
