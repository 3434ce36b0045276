import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Signing keys change their status at a time that is known beforehand, and a provider may rotate them by itself. Keys
 * that are imported bring their kid along, which is unique among those of its provider alone. A retired key has no
 * private half. A handful of rows per provider: nothing here takes long.
 */
export class SigningKeyRotation1763860000000 implements MigrationInterface {
  name = 'SigningKeyRotation1763860000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table ssf.provider add column key_rotation_days int check (key_rotation_days between 1 and 3650);
      -- when a next key becomes active, and a retiring one retired
      alter table ssf.signing_key add column changes_at timestamptz, alter column private_key drop not null;
      alter table ssf.signing_key
        add constraint signing_key_changes check ((status in ('next', 'retiring')) = (changes_at is not null)),
        add constraint signing_key_private check ((status = 'retired') = (private_key is null));
      alter table ssf.signing_key drop constraint signing_key_kid_key;
      create unique index signing_key_kid on ssf.signing_key (provider_id, kid);
      create unique index signing_key_next on ssf.signing_key (provider_id) where status = 'next';
      drop index ssf.signing_key_provider;
    `);
  }

  /** Fails when two providers have keys of one kid: then one of them has to be deleted before. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index signing_key_provider on ssf.signing_key (provider_id);
      drop index ssf.signing_key_next;
      drop index ssf.signing_key_kid;
      alter table ssf.signing_key add constraint signing_key_kid_key unique (kid);
      delete from ssf.signing_key where status = 'retired';
      alter table ssf.signing_key drop constraint signing_key_private, drop constraint signing_key_changes;
      alter table ssf.signing_key drop column changes_at, alter column private_key set not null;
      alter table ssf.provider drop column key_rotation_days;
    `);
  }
}
