import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A signing key is in the database, sealed, or at a remote signer, which knows it by an id. The id stays when the key
 * has retired: somebody may want to delete it there. A handful of rows per provider: nothing here takes long.
 */
export class VaultKeys1763920001000 implements MigrationInterface {
  name = 'VaultKeys1763920001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table ssf.signing_key add column remote_key_id text check (length(remote_key_id) between 1 and 200);
      alter table ssf.signing_key drop constraint signing_key_private;
      alter table ssf.signing_key add constraint signing_key_private check (
        case when remote_key_id is null then (status = 'retired') = (private_key is null) else private_key is null end);
    `);
  }

  /** Fails while a key that is needed is at a remote signer: without its id nothing could be signed with it. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table ssf.signing_key drop constraint signing_key_private;
      alter table ssf.signing_key
        add constraint signing_key_private check ((status = 'retired') = (private_key is null));
      alter table ssf.signing_key drop column remote_key_id;
    `);
  }
}
