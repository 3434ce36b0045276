import { Inject, Injectable } from '@nestjs/common';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { GIVE_BACK_SQL, HAND_OUT_SQL, KEEP_SIGNATURES_SQL, LOOK_SQL, POLL_SETTLE_SQL } from './poll.sql.js';

/** What a receiver says of one SET, or why it cannot be handed out any more. */
export interface PollVerdict {
  readonly jti: string;
  readonly outcome: 'delivered' | 'rejected' | 'dropped';
  readonly err?: string;
  readonly description?: string;
}

/** One of those that were indeed waiting. */
export interface EndedSet {
  readonly jti: string;
  readonly outcome: PollVerdict['outcome'];
  readonly err: string | null;
  readonly waitedSeconds: number;
}

export interface HandedOutSet {
  readonly seq: string;
  readonly jti: string;
  /** header and signature of an earlier hand-out (core/set/detached-set.ts) */
  readonly signature: string | null;
  readonly isExpired: boolean;
}

/** What one of the streams that were asked for gave. */
export interface HandOut {
  readonly streamId: string;
  /** false: deleted, or pushed to from now on */
  readonly isPolled: boolean;
  /** in the queue's order */
  readonly sets: readonly HandedOutSet[];
  /** there is something that could be handed out beyond these */
  readonly hasMore: boolean;
}

export interface HandOutRequest {
  readonly streamId: string;
  readonly max: number;
}

/** A row of a queue. */
export interface QueuePlace {
  readonly streamId: string;
  readonly seq: string;
}

export interface NewSignature extends QueuePlace {
  /** header and signature (core/set/detached-set.ts) */
  readonly signature: string;
  /** what was kept until now */
  readonly replaces: string | null;
}

/**
 * The queues of poll streams. Needs no lease: an acknowledgement names its SETs, a hand-out hides them. Every call is
 * one statement, for however many streams.
 */
@Injectable()
export class PollQueueService {
  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Returns those that were indeed waiting in this stream. */
  async settle(streamId: string, verdicts: readonly PollVerdict[]): Promise<EndedSet[]> {
    if (verdicts.length === 0) return [];
    return this.unitOfWork.manager.query<EndedSet[]>(POLL_SETTLE_SQL, [
      streamId,
      verdicts.map(({ jti }) => jti),
      verdicts.map(({ outcome }) => outcome),
      verdicts.map(({ err }) => err ?? null),
      verdicts.map(({ description }) => description ?? null),
    ]);
  }

  /** Each stream once; `limit` counts the SETs of all of them together. */
  async handOut(
    requests: readonly HandOutRequest[],
    { hiddenSeconds, limit }: { hiddenSeconds: number; limit: number },
  ): Promise<HandOut[]> {
    return this.unitOfWork.manager.query<HandOut[]>(HAND_OUT_SQL, [
      requests.map(({ streamId }) => streamId),
      requests.map(({ max }) => max),
      hiddenSeconds,
      limit,
      this.config.retentionCeiling,
    ]);
  }

  /** What is kept of each SET that still waits, by jti: one that came meanwhile stands. */
  async keepSignatures(signed: readonly NewSignature[]): Promise<Map<string, string>> {
    if (signed.length === 0) return new Map();
    const [rows] = await this.unitOfWork.manager.query<[{ jti: string; signature: string }[]]>(
      KEEP_SIGNATURES_SQL,
      [
        signed.map(({ streamId }) => streamId),
        signed.map(({ seq }) => seq),
        signed.map(({ signature }) => signature),
        signed.map(({ replaces }) => replaces),
      ],
    );
    return new Map(rows.map(({ jti, signature }) => [jti, signature]));
  }

  /** Takes hand-outs back that reached nobody. */
  async giveBack(places: readonly QueuePlace[]): Promise<void> {
    await this.unitOfWork.manager.query(GIVE_BACK_SQL, [
      places.map(({ streamId }) => streamId),
      places.map(({ seq }) => seq),
    ]);
  }

  /** Those of the streams that have something to hand out, or that are none to poll any more. */
  async look(streamIds: readonly string[]): Promise<string[]> {
    if (streamIds.length === 0) return [];
    const rows = await this.unitOfWork.manager.query<{ stream_id: string }[]>(LOOK_SQL, [streamIds]);
    return rows.map((row) => row.stream_id);
  }
}
