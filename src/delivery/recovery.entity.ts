import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import type { SetFilter } from '../queue/set-filter.js';
import type { EndedStatus } from '../queue/set-status.js';

export const RECOVERY_STATES = ['running', 'done', 'cancelled'] as const;
export type RecoveryState = (typeof RECOVERY_STATES)[number];

/** SETs that are to be sent again, as a filter finds them in the history, and how far that is. */
@Entity({ schema: 'ssf', name: 'recovery', synchronize: false })
export class Recovery {
  @PrimaryColumn('uuid')
  id: string;

  /** when all of its SETs are one stream's */
  @Column('uuid', { name: 'stream_id', nullable: true })
  streamId: string | null;

  /** which SETs besides */
  @Column('jsonb')
  filter: SetFilter;

  @Column('text', { array: true })
  statuses: EndedStatus[];

  @Column('timestamptz', { name: 'from_time' })
  from: Date;

  @Column('timestamptz', { name: 'to_time' })
  to: Date;

  @Column('text')
  state: RecoveryState;

  /** the last SET that was looked at */
  @Column('uuid')
  position: string;

  @Column('int')
  redelivered: number;

  /** wanted, and not queued: its stream is disabled or gone, or somebody else was faster */
  @Column('int')
  skipped: number;

  @Column('text', { nullable: true })
  error: string | null;

  @Column('timestamptz', { name: 'not_before' })
  notBefore: Date;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;
}
