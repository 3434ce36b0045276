export interface AuthorizationServerInput {
  readonly issuer: string;
  readonly scopes: readonly string[];
  readonly clientAuthMethods: readonly string[];
  /** of the assertions of `private_key_jwt` */
  readonly assertionAlgorithms: readonly string[];
}

/** Where the endpoints of the authorization server are, relative to its issuer. */
export const AUTHORIZATION_SERVER_PATHS = {
  token: '/token',
  introspection: '/introspection',
  revocation: '/revocation',
  jwks: '/jwks',
} as const;

/**
 * The metadata of the built-in authorization server (RFC 8414 section 2): the client credentials grant and nothing
 * else, so without an authorization endpoint. `response_types_supported` is required, and there are none: this is the
 * one empty array.
 */
export function buildAuthorizationServerMetadata(input: AuthorizationServerInput): Record<string, unknown> {
  const { issuer, scopes, clientAuthMethods, assertionAlgorithms } = input;
  const endpoint = (name: 'token' | 'introspection' | 'revocation') => ({
    [`${name}_endpoint`]: issuer + AUTHORIZATION_SERVER_PATHS[name],
    [`${name}_endpoint_auth_methods_supported`]: clientAuthMethods,
    [`${name}_endpoint_auth_signing_alg_values_supported`]: assertionAlgorithms,
  });
  return {
    issuer,
    ...endpoint('token'),
    ...endpoint('introspection'),
    ...endpoint('revocation'),
    jwks_uri: issuer + AUTHORIZATION_SERVER_PATHS.jwks,
    scopes_supported: scopes,
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
  };
}
