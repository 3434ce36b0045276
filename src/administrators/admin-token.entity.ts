import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import type { AdminRole } from '../core/admin-role.js';

/** What tells such tokens from others. */
export const ADMIN_TOKEN_PREFIX = 'ssf_admin_';

/** A bearer token of the admin API, for one person or program. Only its SHA-256 is kept. */
@Entity({ schema: 'ssf', name: 'admin_token', synchronize: false })
export class AdminToken {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  name: string;

  @Column('text')
  role: AdminRole;

  @Column('bytea', { name: 'token_hash', select: false })
  tokenHash: Buffer;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  /** to the minute, or so */
  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt: Date | null;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date;
}
