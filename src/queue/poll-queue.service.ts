import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { HAND_OUT_SQL, LOOK_SQL, POLL_SETTLE_SQL } from './poll.sql.js';

/** What a receiver says of one SET, or why it cannot be handed out any more. */
export interface PollVerdict {
  readonly jti: string;
  readonly outcome: 'delivered' | 'rejected' | 'dropped';
  readonly err?: string;
  readonly description?: string;
}

export interface HandedOutSet {
  readonly seq: string;
  readonly jti: string;
  readonly isExpired: boolean;
}

/** How a poll stream stands. */
export interface PollLook {
  readonly streamId: string;
  /** false: deleted, or pushed to from now on */
  readonly isPolled: boolean;
  /** there is something to hand out */
  readonly isDue: boolean;
}

/** The queues of poll streams. Needs no lease: an acknowledgement names its SETs, a hand-out hides them. */
@Injectable()
export class PollQueueService {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns those that were indeed waiting in this stream. */
  async settle(streamId: string, verdicts: readonly PollVerdict[]): Promise<PollVerdict[]> {
    if (verdicts.length === 0) return [];
    return this.unitOfWork.manager.query<PollVerdict[]>(POLL_SETTLE_SQL, [
      streamId,
      verdicts.map(({ jti }) => jti),
      verdicts.map(({ outcome }) => outcome),
      verdicts.map(({ err }) => err ?? null),
      verdicts.map(({ description }) => description ?? null),
    ]);
  }

  /** In the queue's order. */
  async handOut(streamId: string, max: number, hiddenSeconds: number): Promise<HandedOutSet[]> {
    const [rows] = await this.unitOfWork.manager.query<[{ seq: string; jti: string; is_expired: boolean }[]]>(
      HAND_OUT_SQL,
      [streamId, max, hiddenSeconds],
    );
    return rows
      .map((row) => ({ seq: row.seq, jti: row.jti, isExpired: row.is_expired }))
      .sort((a, b) => Number(BigInt(a.seq) - BigInt(b.seq)));
  }

  async look(streamIds: readonly string[]): Promise<PollLook[]> {
    if (streamIds.length === 0) return [];
    const rows = await this.unitOfWork.manager.query<
      { stream_id: string; is_polled: boolean; is_due: boolean }[]
    >(LOOK_SQL, [streamIds]);
    return rows.map((row) => ({ streamId: row.stream_id, isPolled: row.is_polled, isDue: row.is_due }));
  }
}
