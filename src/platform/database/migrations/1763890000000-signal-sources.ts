import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Other systems that record signals, and what of theirs was none. New tables only: nothing waits for it. */
export class SignalSources1763890000000 implements MigrationInterface {
  name = 'SignalSources1763890000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table ssf.signal_source (
        id uuid primary key,
        provider_id uuid not null references ssf.provider on delete cascade,
        slug text not null,
        name text not null,
        profile text not null check (profile in ('signal', 'cloudevents', 'authentik', 'keycloak', 'logto')),
        unmapped text not null check (unmapped in ('refuse', 'list')),
        -- one of them: SHA-256 of our token, or (sealed) the secret that the other system signs with
        token_hash bytea,
        signing_secret bytea,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        unique (provider_id, slug),
        check ((token_hash is null) <> (signing_secret is null))
      );

      -- One row per kind of event, whatever their number.
      create table ssf.unmapped_event (
        source_id uuid not null references ssf.signal_source on delete cascade,
        event_type text not null,
        reason text not null,
        count bigint not null default 1,
        first_at timestamptz not null default now(),
        last_at timestamptz not null default now(),
        primary key (source_id, event_type)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table ssf.unmapped_event;
      drop table ssf.signal_source;`);
  }
}
