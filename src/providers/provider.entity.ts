import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import type { FoldRepeats } from '../core/events/fold-repeats.js';
import type { EventMapping } from '../core/events/event-mapping.js';
import type { SigningAlgorithm } from '../core/set/signing-algorithm.js';

export const DEFAULT_SUBJECTS = ['ALL', 'NONE'] as const;
export type DefaultSubjects = (typeof DEFAULT_SUBJECTS)[number];

/** An authorization server whose JWTs a provider accepts from receivers. */
export interface TrustedIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUri?: string;
  readonly clientIdClaim?: string;
}

/** A Transmitter (SSF 1.0 section 2): one issuer with its metadata, keys and applications. */
@Entity({ schema: 'ssf', name: 'provider', synchronize: false })
export class Provider {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  slug: string;

  @Column('text')
  name: string;

  @Column('text')
  issuer: string;

  @Column('text', { name: 'default_subjects' })
  defaultSubjects: DefaultSubjects;

  @Column('text', { name: 'signing_algorithm' })
  signingAlgorithm: SigningAlgorithm;

  /** null: by hand */
  @Column('int', { name: 'key_rotation_days', nullable: true })
  keyRotationDays: number | null;

  @Column('int', { name: 'event_retention_days' })
  eventRetentionDays: number;

  @Column('text', { name: 'spec_version' })
  specVersion: string;

  @Column('jsonb', { name: 'trusted_issuers' })
  trustedIssuers: TrustedIssuer[];

  @Column('boolean', { name: 'legacy_delivery_uris' })
  legacyDeliveryUris: boolean;

  /** what signals become where that is not the default */
  @Column('jsonb', { name: 'event_mapping' })
  eventMapping: EventMapping;

  /** null: what is said again is sent again */
  @Column('jsonb', { name: 'fold_repeats', nullable: true })
  foldRepeats: FoldRepeats | null;

  /** counts the changes of this row, for its ETag */
  @VersionColumn()
  version: number;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date;

  @UpdateDateColumn({ type: 'timestamptz', name: 'updated_at' })
  updatedAt: Date;
}
