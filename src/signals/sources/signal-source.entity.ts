import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import type { SourceProfileName } from '../../core/sources/source-profiles.js';

export const UNMAPPED_CHOICES = ['refuse', 'list'] as const;
/** What to do with an event that is no signal. */
export type Unmapped = (typeof UNMAPPED_CHOICES)[number];

/** The one scope of a source's token: to record signals of its provider, in the form of its profile. */
export const EMIT_SCOPE = 'ssf.emit';
/** What tells such tokens from others. */
export const EMIT_TOKEN_PREFIX = 'ssf_emit_';

/** Another system that records signals of a provider. */
@Entity({ schema: 'ssf', name: 'signal_source', synchronize: false })
export class SignalSource {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'provider_id' })
  providerId: string;

  @Column('text')
  slug: string;

  @Column('text')
  name: string;

  @Column('text')
  profile: SourceProfileName;

  @Column('text')
  unmapped: Unmapped;

  @Column('bytea', { name: 'token_hash', nullable: true })
  tokenHash: Buffer | null;

  /** sealed */
  @Column('bytea', { name: 'signing_secret', nullable: true })
  signingSecret: Buffer | null;

  /** counts the changes of this row, for its ETag */
  @VersionColumn()
  version: number;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date;

  @UpdateDateColumn({ type: 'timestamptz', name: 'updated_at' })
  updatedAt: Date;
}
