import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The span in which a signal was recorded (docs/adr/0022-traces.md). A column without a default rewrites no row; null in
 * those of before, and in all while nobody traces.
 */
export class Traceparent1763920000000 implements MigrationInterface {
  name = 'Traceparent1763920000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table ssf.signal add column traceparent text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table ssf.signal drop column traceparent');
  }
}
