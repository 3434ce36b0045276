import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The audit log (docs/adr/0016-audit-log.md). No foreign keys: an entry stays when what it is about is gone. The
 * triggers keep it append-only against mistakes, whoever makes them; retention says how old what it deletes has to be.
 */
export class AuditLog1763880000000 implements MigrationInterface {
  name = 'AuditLog1763880000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table ssf.audit_entry (
        id uuid primary key,
        at timestamptz not null,
        actor_kind text not null check (actor_kind in ('administrator', 'receiver', 'system')),
        actor_id text,
        action text not null,
        provider_id uuid,
        application_id uuid,
        stream_id uuid,
        target_id text,
        before jsonb,
        after jsonb,
        address text,
        request_id text
      );
      create index audit_entry_provider on ssf.audit_entry (provider_id, id);
      create index audit_entry_application on ssf.audit_entry (application_id, id);
      create index audit_entry_stream on ssf.audit_entry (stream_id, id);
      create index audit_entry_action on ssf.audit_entry (action, id);

      create function ssf.keep_audit_entry() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' and old.at < now() - make_interval(
             days => nullif(current_setting('ssf.audit_retention_days', true), '')::int) then
          return old;
        end if;
        raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
      end $$;
      create trigger audit_entry_append_only before update or delete on ssf.audit_entry
        for each row execute function ssf.keep_audit_entry();
      create trigger audit_entry_no_truncate before truncate on ssf.audit_entry
        for each statement execute function ssf.keep_audit_entry();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table ssf.audit_entry; drop function ssf.keep_audit_entry()');
  }
}
