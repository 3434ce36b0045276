import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import type { ClientJwks } from '../core/oauth/client-jwks.js';
import type { TokenScope } from './application-token.entity.js';

/** How a client proves who it is: RFC 6749 section 2.3.1, RFC 7523 section 2.2. */
export const CLIENT_AUTH_METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const;
export type ClientAuthMethod = (typeof CLIENT_AUTH_METHODS)[number];

/** A client of the built-in authorization server; its tokens are those of its application. */
@Entity({ schema: 'ssf', name: 'oauth_client', synchronize: false })
export class OAuthClient {
  /** the `client_id` */
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'application_id' })
  applicationId: string;

  @Column('text', { nullable: true })
  name: string | null;

  @Column('text', { name: 'token_endpoint_auth_method' })
  tokenEndpointAuthMethod: ClientAuthMethod;

  /** SHA-256 of the secret: 32 random bytes need no slow hash */
  @Column('bytea', { name: 'secret_hash', nullable: true, select: false })
  secretHash: Buffer | null;

  /** public keys alone */
  @Column('jsonb', { nullable: true })
  jwks: ClientJwks | null;

  @Column('text', { array: true })
  scopes: TokenScope[];

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date;
}
