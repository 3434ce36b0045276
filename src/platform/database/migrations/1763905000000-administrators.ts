import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tokens of administrators, and their names in the audit log. A new table and a column without a default: no row is rewritten. */
export class Administrators1763905000000 implements MigrationInterface {
  name = 'Administrators1763905000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table ssf.admin_token (
        id uuid primary key,
        name text not null,
        role text not null check (role in ('viewer', 'operator', 'admin')),
        -- SHA-256
        token_hash bytea not null unique,
        expires_at timestamptz,
        last_used_at timestamptz,
        created_at timestamptz not null default now()
      );
      alter table ssf.audit_entry add column actor_name text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table ssf.audit_entry drop column actor_name;
      drop table ssf.admin_token;`);
  }
}
