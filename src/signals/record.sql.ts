/**
 * Records signals in one statement, in the caller's transaction when there is one: identity (idempotency), the
 * immutable row, and the place in the fan-out queue. A provider is named by its slug; if one is unknown, nothing is
 * recorded. A signal whose identity exists is not recorded again; twice the same in one array counts as once.
 * Identities are taken in one order by everybody, so that arrays with signals in common wait for each other instead
 * of deadlocking. Answers one row per signal, in their order.
 *
 * $12 are array literals: what unnest makes of an array of arrays has lost its rows. Each subject hash is an entry of
 * the index signal_subject. $13 is one text for all, the span that records them.
 */
export const RECORD_SQL = `
with input as materialized (
  select u.*, p.id as provider_id
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::jsonb[], $7::text[],
                $8::jsonb[], $9::jsonb[], $10::text[], $11::jsonb[], $12::text[]) with ordinality
      as u(id, provider, external_id, type, occurred_at, subject, initiating_entity,
           reason_admin, reason_user, txn, details, subject_hashes, position)
    left join ssf.provider p on p.slug = u.provider),
known as (
  select * from input where not exists (select from input where provider_id is null)),
identified as (
  insert into ssf.signal_identity (provider_id, external_id, signal_id)
  select provider_id, external_id, id from known where external_id is not null
   order by provider_id, external_id, position
  on conflict do nothing
  returning signal_id),
fresh as (
  select k.* from known k left join identified f on f.signal_id = k.id
   where k.external_id is null or f.signal_id is not null),
recorded as (
  insert into ssf.signal (id, provider_id, external_id, type, occurred_at, subject, initiating_entity,
                          reason_admin, reason_user, txn, details, subject_hashes, traceparent)
  select id, provider_id, external_id, type, occurred_at, subject, initiating_entity,
         reason_admin, reason_user, txn, details, subject_hashes::bigint[], $13::text from fresh),
queued as (
  insert into ssf.signal_queue (provider_id, signal_id) select provider_id, id from fresh order by position)
select i.provider_id as "providerId", f.id is not null as "isFresh"
  from input i left join fresh f using (id) order by i.position`;

/** The signals that have these identities. */
export const IDENTITY_SQL = `
select i.provider_id as "providerId", i.external_id as "externalId", i.signal_id as "signalId"
  from ssf.signal_identity i
  join unnest($1::uuid[], $2::text[]) as wanted(provider_id, external_id) using (provider_id, external_id)`;
