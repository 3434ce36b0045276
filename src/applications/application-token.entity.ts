import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** CAEP Interoperability Profile 1.0 section 2.7.2. */
export const TOKEN_SCOPES = ['ssf.read', 'ssf.manage'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** A bearer token of an application. Only its SHA-256 is kept: 32 random bytes need no slow hash. */
@Entity({ schema: 'ssf', name: 'application_token', synchronize: false })
export class ApplicationToken {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'application_id' })
  applicationId: string;

  @Column('text', { nullable: true })
  name: string | null;

  @Column('bytea', { name: 'token_hash', select: false })
  tokenHash: Buffer;

  @Column('text', { array: true })
  scopes: TokenScope[];

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date;
}
