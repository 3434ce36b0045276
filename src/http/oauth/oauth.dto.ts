// These describe the wire for the OpenAPI document; oidc-provider reads and writes it.

class ClientAuthenticationDto {
  /** With `client_secret_post`. */
  client_id?: string;
  /** With `client_secret_post`. */
  client_secret?: string;
  /** With `private_key_jwt`: `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`. */
  client_assertion_type?: string;
  /** With `private_key_jwt`: a JWT (RFC 7523 section 3), good once. */
  client_assertion?: string;
}

export class TokenRequestDto extends ClientAuthenticationDto {
  /** @example 'client_credentials' */
  grant_type: string;
  /** Separated by spaces; default: all that the client may have. @example 'ssf.read ssf.manage' */
  scope?: string;
  /** RFC 8707; default and only possible value: the `resource` of the protected resource metadata. */
  resource?: string;
}

export class TokenAnswerDto {
  access_token: string;
  /** @example 'Bearer' */
  token_type: string;
  /** Seconds; 3600 at most. */
  expires_in: number;
  scope: string;
}

export class RevocationRequestDto extends ClientAuthenticationDto {
  token: string;
  token_type_hint?: string;
}

export class IntrospectionRequestDto extends RevocationRequestDto {}

/** RFC 7662 section 2.2; of a token that is not active, `active` alone. */
export class IntrospectionDto {
  active: boolean;
  client_id?: string;
  scope?: string;
  aud?: string;
  iss?: string;
  token_type?: string;
  iat?: number;
  exp?: number;
}

export class OAuthErrorDto {
  /** @example 'invalid_client' */
  error: string;
  error_description?: string;
}
