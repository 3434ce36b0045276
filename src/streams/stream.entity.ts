import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import type { DeliveryMethod } from '../core/streams/delivery-method.js';
import type { StreamStatus } from '../core/streams/stream-status.js';

export const STREAM_MANAGERS = ['receiver', 'administrator'] as const;
export type StreamManager = (typeof STREAM_MANAGERS)[number];

/** An Event Stream (SSF 1.0 section 8.1.1). What can be computed (events_delivered, URLs) is not stored. */
@Entity({ schema: 'ssf', name: 'stream', synchronize: false })
export class Stream {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'provider_id' })
  providerId: string;

  @Column('uuid', { name: 'application_id' })
  applicationId: string;

  @Column('text', { name: 'managed_by' })
  managedBy: StreamManager;

  @Column('text')
  status: StreamStatus;

  @Column('text', { name: 'status_reason', nullable: true })
  statusReason: string | null;

  /** an administrator set the status, and the receiver may not change it */
  @Column('boolean', { name: 'status_locked' })
  statusLocked: boolean;

  @Column('text')
  method: DeliveryMethod;

  /** push only */
  @Column('text', { name: 'endpoint_url', nullable: true })
  endpointUrl: string | null;

  /** sealed (platform/secrets); never selected unless asked for */
  @Column('bytea', { name: 'authorization_header', nullable: true, select: false })
  authorizationHeader: Buffer | null;

  @Column('text', { array: true })
  audience: string[];

  /** `aud` is an array even when it has one value */
  @Column('boolean', { name: 'audience_is_list' })
  audienceIsList: boolean;

  /** as the receiver sent them, unknown ones too; null when it sent none */
  @Column('text', { name: 'events_requested', array: true, nullable: true })
  eventsRequested: string[] | null;

  @Column('text', { nullable: true })
  description: string | null;

  /** the receiver named its delivery method as drafts before 1.0 did */
  @Column('boolean', { name: 'uses_legacy_uris' })
  usesLegacyUris: boolean;

  @Column('text', { name: 'legacy_format', nullable: true })
  legacyFormat: string | null;

  /** counts the changes of this row, for its ETag */
  @VersionColumn()
  version: number;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date;

  @UpdateDateColumn({ type: 'timestamptz', name: 'updated_at' })
  updatedAt: Date;
}
