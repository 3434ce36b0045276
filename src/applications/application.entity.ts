import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import type { SubjectFormat } from '../core/subjects/signal-subject.js';
import type { DeliveryMethod } from '../core/streams/delivery-method.js';

/** A registered Event Receiver (SSF 1.0 section 2) of one provider. */
@Entity({ schema: 'ssf', name: 'application', synchronize: false })
export class Application {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'provider_id' })
  providerId: string;

  @Column('text')
  slug: string;

  @Column('text')
  name: string;

  /** the audiences that its streams may have; the first is the default of a legacy receiver that names none */
  @Column('text', { array: true })
  audience: string[];

  @Column('text', { name: 'subject_format' })
  subjectFormat: SubjectFormat;

  /** users have names that no other application has for them */
  @Column('boolean', { name: 'pairwise_subjects' })
  pairwiseSubjects: boolean;

  /** sealed; of one that has, or had, pairwise subjects. Only PairwiseSecretsService asks for it */
  @Column('bytea', { name: 'pairwise_secret', nullable: true, select: false })
  pairwiseSecret: Buffer | null;

  @Column('text', { name: 'allowed_events', array: true, nullable: true })
  allowedEvents: string[] | null;

  @Column('text', { name: 'allowed_delivery_methods', array: true, nullable: true })
  allowedDeliveryMethods: DeliveryMethod[] | null;

  @Column('text', { name: 'push_url_allow_list', array: true, nullable: true })
  pushUrlAllowList: string[] | null;

  @Column('text', { name: 'allowed_groups', array: true, nullable: true })
  allowedGroups: string[] | null;

  @Column('text', { name: 'allowed_tenants', array: true, nullable: true })
  allowedTenants: string[] | null;

  @Column('text', { name: 'client_id', nullable: true })
  clientId: string | null;

  @Column('boolean', { name: 'auto_subscribe' })
  autoSubscribe: boolean;

  @Column('boolean', { name: 'verify_on_create' })
  verifyOnCreate: boolean;

  @Column('boolean', { name: 'legacy_profile' })
  legacyProfile: boolean;

  @Column('int', { name: 'max_streams' })
  maxStreams: number;

  /** null: its streams may be left alone for ever */
  @Column('int', { name: 'inactivity_timeout_seconds', nullable: true })
  inactivityTimeoutSeconds: number | null;

  /** counts the changes of this row, for its ETag */
  @VersionColumn()
  version: number;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date;

  @UpdateDateColumn({ type: 'timestamptz', name: 'updated_at' })
  updatedAt: Date;
}
