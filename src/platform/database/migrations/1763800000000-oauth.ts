import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The clients of the built-in authorization server, and what it has to remember. */
export class Oauth1763800000000 implements MigrationInterface {
  name = 'Oauth1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
create table ssf.oauth_client (
  id uuid primary key,
  application_id uuid not null references ssf.application on delete cascade,
  name text,
  token_endpoint_auth_method text not null
    check (token_endpoint_auth_method in ('client_secret_basic', 'client_secret_post', 'private_key_jwt')),
  secret_hash bytea,
  jwks jsonb,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  -- a client proves itself in one way
  check ((secret_hash is null) = (token_endpoint_auth_method = 'private_key_jwt')),
  check ((jwks is not null) = (token_endpoint_auth_method = 'private_key_jwt'))
);
create index oauth_client_application on ssf.oauth_client (application_id, id);

-- Inserted when issued, deleted when revoked or expired; it never outlives its client.
create table ssf.oauth_access_token (
  token_hash bytea primary key,
  client_id uuid not null references ssf.oauth_client on delete cascade,
  scopes text[] not null,
  audience text not null,
  issued_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index oauth_access_token_client on ssf.oauth_access_token (client_id);
create index oauth_access_token_expires on ssf.oauth_access_token (expires_at);

-- Assertions of clients that were used, until they have expired: none is good twice (RFC 7523 section 3).
create table ssf.oauth_assertion (
  id text primary key,
  expires_at timestamptz not null
);
create index oauth_assertion_expires on ssf.oauth_assertion (expires_at);
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table if exists ssf.oauth_assertion, ssf.oauth_access_token, ssf.oauth_client`);
  }
}
