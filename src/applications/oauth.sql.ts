/**
 * What a client proves itself with, and the provider that its tokens are for. Asked with every token request.
 * Indexes: the primary keys. Parameter: client.
 */
export const FIND_CLIENT_SQL = `
select client.id as "clientId", client.application_id as "applicationId", client.token_endpoint_auth_method as "tokenEndpointAuthMethod",
       client.secret_hash as "secretHash", client.jwks, client.scopes,
       provider.slug as "providerSlug", provider.issuer as "providerIssuer"
  from ssf.oauth_client client
  join ssf.application on application.id = client.application_id
  join ssf.provider on provider.id = application.provider_id
 where client.id = $1`;

/**
 * A token for a client that is there. The client's row is locked as its foreign key does anyhow, but before the
 * insert: a client that is being deleted then gives no row instead of an error.
 * Index: oauth_client_pkey. Parameters: hash, client, scopes, audience, seconds that it lasts.
 */
export const ISSUE_TOKEN_SQL = `
with client as (select id from ssf.oauth_client where id = $2 for key share)
insert into ssf.oauth_access_token (token_hash, client_id, scopes, audience, expires_at)
select $1::bytea, id, $3::text[], $4::text, now() + make_interval(secs => $5) from client
returning token_hash`;

/**
 * Asked with every request that has such a token, so that a revocation counts at once in every process.
 * Indexes: oauth_access_token_pkey, oauth_client_pkey. Parameter: hash.
 */
export const FIND_TOKEN_SQL = `
select token.client_id as "clientId", client.application_id as "applicationId", token.scopes, token.audience,
       extract(epoch from token.issued_at)::int as "issuedAt", extract(epoch from token.expires_at)::int as "expiresAt"
  from ssf.oauth_access_token token join ssf.oauth_client client on client.id = token.client_id
 where token.token_hash = $1 and token.expires_at > now()`;

/**
 * Of several processes that are shown the same assertion, one gets the row. An expired row is still in the way, until
 * it is cleaned up: the clocks that judged the assertion may differ from the database's.
 * Index: oauth_assertion_pkey. Parameters: id, seconds until it expires.
 */
export const CLAIM_ASSERTION_SQL = `
insert into ssf.oauth_assertion (id, expires_at) values ($1, now() + make_interval(secs => $2))
on conflict (id) do nothing
returning id`;

/** Indexes: oauth_access_token_expires, oauth_assertion_expires. */
export const CLEAN_UP_SQL = [
  'delete from ssf.oauth_access_token where expires_at < now()',
  `delete from ssf.oauth_assertion where expires_at < now() - interval '10 minutes'`,
];
