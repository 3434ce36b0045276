import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What one administrator did is found without reading the whole log. By the beginning of the id, which hosts and OpenID
 * providers may make longer than an index takes. Builds within seconds for millions of entries; changes wait meanwhile.
 */
export class AuditActor1763930000000 implements MigrationInterface {
  name = 'AuditActor1763930000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index audit_entry_actor on ssf.audit_entry (left(actor_id, 200), id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index ssf.audit_entry_actor');
  }
}
