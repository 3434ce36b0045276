import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Configuration tables carry foreign keys; the hot tables (signal, delivery, attempt, ...) carry none, since a
 * foreign key check takes a KEY SHARE lock on the parent row for each insert.
 *
 * History is partitioned by day on a UUIDv7: the id holds its own time, so `id = $1` prunes to one partition
 * and the primary key needs no second column.
 */
export class InitialSchema1763700000000 implements MigrationInterface {
  name = 'InitialSchema1763700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create schema if not exists ssf`);
    await runner.query(CONFIGURATION);
    await runner.query(SIGNALS);
    await runner.query(QUEUE);
    await runner.query(PARTITIONS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table if exists ssf.stream_subject_key, ssf.stream_subject, ssf.attempt, ssf.delivery, ssf.stream_queue, ssf.security_event_token,
        ssf.signal_outcome, ssf.signal_queue, ssf.signal_identity, ssf.signal, ssf.stream,
        ssf.application_token, ssf.application, ssf.signing_key, ssf.idempotency_key, ssf.provider;
      drop sequence if exists ssf.queue_seq;
      drop function if exists ssf.ensure_partitions(date, date);
      drop function if exists ssf.uuid_at(timestamptz);
    `);
  }
}

const CONFIGURATION = `
create table ssf.provider (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  issuer text not null unique,
  default_subjects text not null check (default_subjects in ('ALL', 'NONE')),
  signing_algorithm text not null check (signing_algorithm in ('RS256', 'PS256', 'ES256', 'EdDSA')),
  event_retention_days int not null check (event_retention_days between 1 and 3650),
  spec_version text not null,
  trusted_issuers jsonb not null,
  legacy_delivery_uris boolean not null,
  -- counts every change of the provider, its applications and streams: fan-out keeps its plan while it stands
  config_version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table ssf.signing_key (
  id uuid primary key,
  provider_id uuid not null references ssf.provider on delete cascade,
  kid text not null unique,
  algorithm text not null check (algorithm in ('RS256', 'PS256', 'ES256', 'EdDSA')),
  status text not null check (status in ('next', 'active', 'retiring', 'retired')),
  public_jwk jsonb not null,
  private_key bytea not null,
  created_at timestamptz not null default now(),
  status_changed_at timestamptz not null default now()
);
create unique index signing_key_active on ssf.signing_key (provider_id) where status = 'active';
create index signing_key_provider on ssf.signing_key (provider_id);

create table ssf.application (
  id uuid primary key,
  provider_id uuid not null references ssf.provider on delete cascade,
  slug text not null,
  name text not null,
  audience text[] not null,
  subject_format text not null,
  allowed_events text[],
  allowed_delivery_methods text[],
  push_url_allow_list text[],
  allowed_groups text[],
  allowed_tenants text[],
  client_id text,
  auto_subscribe boolean not null,
  verify_on_create boolean not null,
  legacy_profile boolean not null,
  max_streams int not null check (max_streams between 1 and 1000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, slug)
);

-- a JWT's client is one application
create unique index application_client on ssf.application (provider_id, client_id);

create table ssf.application_token (
  id uuid primary key,
  application_id uuid not null references ssf.application on delete cascade,
  name text,
  token_hash bytea not null unique,
  scopes text[] not null,
  expires_at timestamptz,
  created_at timestamptz not null default now()
);
create index application_token_application on ssf.application_token (application_id);

create table ssf.stream (
  id uuid primary key,
  provider_id uuid not null references ssf.provider on delete cascade,
  application_id uuid not null references ssf.application on delete cascade,
  managed_by text not null check (managed_by in ('receiver', 'administrator')),
  status text not null check (status in ('enabled', 'paused', 'disabled')),
  status_reason text,
  method text not null check (method in ('push', 'poll')),
  endpoint_url text,
  authorization_header bytea,
  audience text[] not null,
  events_requested text[],
  description text,
  uses_legacy_uris boolean not null,
  legacy_format text,
  verification_requested_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (method <> 'push' or endpoint_url is not null)
);
create index stream_application on ssf.stream (application_id, id);
create index stream_provider on ssf.stream (provider_id, id);

-- What a stream has of subjects beyond its provider's default: those added to none, or removed from all.
create table ssf.stream_subject (
  id uuid primary key,
  stream_id uuid not null references ssf.stream on delete cascade,
  kind text not null check (kind in ('added', 'removed')),
  -- digest of the canonical key: the same subject is in the list once
  identity bytea not null,
  subject jsonb not null,
  shape text,
  verified boolean not null,
  created_at timestamptz not null default now(),
  unique (stream_id, kind, identity)
);
create index stream_subject_stream on ssf.stream_subject (stream_id, id);
create index stream_subject_shape on ssf.stream_subject (stream_id, kind, shape) where shape is not null;

-- The keys under which events find a subject: one probe each, however many subjects there are.
create table ssf.stream_subject_key (
  stream_id uuid not null,
  kind text not null,
  key bytea not null,
  subject_id uuid not null references ssf.stream_subject on delete cascade,
  primary key (stream_id, kind, key, subject_id)
);
create index stream_subject_key_subject on ssf.stream_subject_key (subject_id);

-- answers of creating POSTs by Idempotency-Key, kept for a day
create table ssf.idempotency_key (
  key text primary key,
  request_hash bytea not null,
  -- sealed, since an answer may hold a token; null while the first request is under way
  body bytea,
  created_at timestamptz not null default now()
);
create index idempotency_key_created on ssf.idempotency_key (created_at);
`;

const SIGNALS = `
create table ssf.signal (
  id uuid primary key,
  provider_id uuid not null,
  external_id text,
  type text not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  subject jsonb not null,
  initiating_entity text,
  reason_admin jsonb,
  reason_user jsonb,
  txn text not null,
  details jsonb not null
) partition by range (id);
create index signal_provider on ssf.signal (provider_id, id desc);

-- Idempotency of signals. Not partitioned: a unique key of a partitioned table must hold the partition key.
create table ssf.signal_identity (
  provider_id uuid not null,
  external_id text not null,
  signal_id uuid not null,
  recorded_at timestamptz not null default now(),
  primary key (provider_id, external_id)
);
create index signal_identity_recorded on ssf.signal_identity using brin (recorded_at);

-- Signals that wait for their fan-out, in the order in which they were recorded.
create sequence ssf.queue_seq;
create table ssf.signal_queue (
  provider_id uuid not null,
  seq bigint not null default nextval('ssf.queue_seq'),
  signal_id uuid not null,
  primary key (provider_id, seq)
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);

-- What fan-out decided for each stream: [{"streamId", "jti"} | {"streamId", "reason"}].
create table ssf.signal_outcome (
  signal_id uuid primary key,
  fanned_out_at timestamptz not null default now(),
  outcomes jsonb not null
) partition by range (signal_id);
`;

const QUEUE = `
-- Immutable. "claims" is text, not jsonb: these very bytes are signed, whenever and however often.
create table ssf.security_event_token (
  jti uuid primary key,
  seq bigint not null,
  provider_id uuid not null,
  application_id uuid not null,
  stream_id uuid not null,
  signal_id uuid,
  event_type text not null,
  txn text,
  subject_hash bigint not null,
  created_at timestamptz not null default now(),
  claims text not null
) partition by range (jti);
create index security_event_token_stream on ssf.security_event_token (stream_id, jti desc);
create index security_event_token_subject on ssf.security_event_token (subject_hash, jti desc);
create index security_event_token_txn on ssf.security_event_token (txn);

-- The pending SETs of each stream and nothing else: inserted, and deleted when done. One index.
create table ssf.delivery (
  stream_id uuid not null,
  seq bigint not null,
  jti uuid not null,
  subject_hash bigint not null,
  enqueued_at timestamptz not null default now(),
  expires_at timestamptz not null,
  next_at timestamptz,
  attempts int not null default 0,
  primary key (stream_id, seq)
) with (fillfactor = 95, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000,
        autovacuum_vacuum_cost_delay = 0, autovacuum_vacuum_insert_scale_factor = 0.05);

-- One row per stream: who works on its queue and how it fares. No index on what changes, so updates stay HOT.
create table ssf.stream_queue (
  stream_id uuid primary key,
  runnable boolean not null,
  pushes boolean not null,
  version bigint not null default 1,
  lease_owner uuid,
  -- backend of the owner's doorbell connection: when it is gone, so is the owner, and nobody waits for the lease to end
  lease_pid int,
  lease_epoch bigint not null default 0,
  lease_until timestamptz not null default '-infinity',
  not_before timestamptz not null default '-infinity',
  failures int not null default 0,
  first_failure_at timestamptz,
  last_success_at timestamptz,
  last_failure_at timestamptz,
  last_error text,
  last_pick timestamptz not null default '-infinity'
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- Append only: every try of every SET, and every end that came without one (dropped, given up).
create table ssf.attempt (
  jti uuid not null,
  at timestamptz not null default now(),
  stream_id uuid not null,
  attempt int not null,
  method text not null check (method in ('push', 'poll', 'none')),
  outcome text not null check (outcome in ('delivered', 'rejected', 'retry', 'dead', 'dropped')),
  http_status smallint,
  err text,
  description text,
  duration_ms int
) partition by range (jti);
create index attempt_jti on ssf.attempt (jti, at);
create index attempt_stream on ssf.attempt (stream_id, jti desc);
-- the rare ends, for the lists of rejected, dead and dropped SETs
create index attempt_unhappy_end on ssf.attempt (outcome, jti desc) where outcome in ('rejected', 'dead', 'dropped');
`;

const PARTITIONS = `
-- The smallest UUIDv7 of an instant: 48 bits of milliseconds since 1970, then zeros.
create function ssf.uuid_at(at timestamptz) returns uuid language sql immutable parallel safe as $$
  select (lpad(to_hex(greatest(0, extract(epoch from at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- Makes the missing daily partitions of [first, last] (UTC); returns how many it made.
create function ssf.ensure_partitions(first date, last date) returns int language plpgsql as $$
declare parent text; day date; child text; made int := 0;
begin
  perform pg_advisory_xact_lock(hashtext('ssf.ensure_partitions'));
  foreach parent in array array['signal', 'signal_outcome', 'security_event_token', 'attempt'] loop
    for day in select generate_series(first, last, interval '1 day')::date loop
      child := parent || '_' || to_char(day, 'YYYYMMDD');
      if to_regclass('ssf.' || child) is null then
        execute format('create table ssf.%I partition of ssf.%I for values from (%L) to (%L)', child, parent,
          ssf.uuid_at(day::timestamp at time zone 'UTC'), ssf.uuid_at((day + 1)::timestamp at time zone 'UTC'));
        made := made + 1;
      end if;
    end loop;
  end loop;
  return made;
end $$;
select ssf.ensure_partitions((now() at time zone 'UTC')::date - 1, (now() at time zone 'UTC')::date + 7);
`;
