import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the payload retention has come, and what it has passed and left. New tables, which nothing else uses. */
export class PayloadExpunge1763935000000 implements MigrationInterface {
  name = 'PayloadExpunge1763935000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- one row; whoever has locked it moves on: signals up to position have lost their payload, or are in kept_payload
      create table ssf.payload_expunge (
        is_only boolean primary key default true check (is_only),
        position uuid not null
      );
      insert into ssf.payload_expunge (position) values ('00000000-0000-0000-0000-000000000000');

      -- signals that were passed while something of them waited, or had ended a short while ago
      create table ssf.kept_payload (
        signal_id uuid primary key,
        -- when something of it was seen to wait, or ended; it is looked at again the payload retention later
        since timestamptz not null
      );
      create index kept_payload_since on ssf.kept_payload (since);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table ssf.kept_payload, ssf.payload_expunge');
  }
}
