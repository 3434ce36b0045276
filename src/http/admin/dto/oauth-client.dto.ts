import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
} from 'class-validator';
import { TOKEN_SCOPES, type TokenScope } from '../../../applications/application-token.entity.js';
import {
  CLIENT_AUTH_METHODS,
  type ClientAuthMethod,
  type OAuthClient,
} from '../../../applications/oauth-client.entity.js';
import { MayBeAbsent } from './dto.decorators.js';

export class CreateOAuthClientDto {
  /** What it is for. @example 'production' */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  name?: string;

  /** How it proves who it is at the token endpoint. */
  @IsIn(CLIENT_AUTH_METHODS)
  tokenEndpointAuthMethod: ClientAuthMethod;

  /** For `private_key_jwt`, and needed there: a JWK Set of 1 to 10 public keys for RS256, PS256, ES256 or EdDSA. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @MayBeAbsent()
  @IsObject()
  jwks?: object;

  /** What it may ask for. `ssf.manage` includes `ssf.read`. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(TOKEN_SCOPES, { each: true, message: `must be some of ${TOKEN_SCOPES.join(', ')}` })
  scopes: TokenScope[];
}

/** The only answer that ever holds the secret; `private_key_jwt` has none. */
export class CreatedOAuthClientDto {
  clientId: string;
  clientSecret?: string;
}

export class OAuthClientDto {
  clientId: string;
  name: string | null;
  tokenEndpointAuthMethod: ClientAuthMethod;

  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  jwks: object | null;

  scopes: TokenScope[];
  createdAt: Date;
}

export class OAuthClientPageDto {
  data: OAuthClientDto[];
  nextCursor: string | null;
}

export function toOAuthClientDto(client: OAuthClient): OAuthClientDto {
  const { id, name, tokenEndpointAuthMethod, jwks, scopes, createdAt } = client;
  return { clientId: id, name, tokenEndpointAuthMethod, jwks, scopes, createdAt };
}
