import { Inject, Injectable } from '@nestjs/common';
import type { PastFailures } from '../core/delivery/poison-policy.js';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import {
  bigintArray,
  doubleArray,
  integerArray,
  smallintArray,
  textArray,
  uuidArray,
} from '../platform/database/sql-arrays.js';
import { DoorbellRelay } from '../platform/events/doorbell-relay.js';
import { ACQUIRE_SQL, BACK_OFF_SQL, HEARTBEAT_SQL } from './lease.sql.js';
import { RecentClaims } from './recent-claims.js';
import { CLAIMS_SQL, READ_SQL, TICK_SQL } from './tick.sql.js';

/** A stream's queue that a process works on alone for a while. `version` counts changes of the stream. */
export interface AcquiredLease {
  readonly streamId: string;
  readonly version: string;
  readonly failures: number;
}

/** What came of one SET; `retry` keeps it in the queue, every other outcome ends it. */
export interface Settlement {
  readonly jti: string;
  readonly streamId: string;
  readonly seq: string;
  readonly outcome: 'delivered' | 'rejected' | 'retry' | 'dead' | 'dropped';
  readonly method: 'push' | 'poll' | 'none';
  readonly httpStatus?: number;
  readonly err?: string;
  readonly description?: string;
  readonly durationMs?: number;
  /** of `retry`: it failed by itself, and waits so long */
  readonly asideSeconds?: number;
  /** how often it has failed by itself by now; absent: as often as before */
  readonly strikes?: number;
}

export interface ReadRequest {
  readonly streamId: string;
  /** read what comes after this `seq` */
  readonly after: string;
  readonly max: number;
  /** subjects (their hashes) of which only what is not due, or was not, is read */
  readonly blocked?: readonly string[];
}

export interface Past extends PastFailures {
  /** false: it is set aside, or was delayed from the start */
  readonly isDue: boolean;
  /** milliseconds since the epoch; null: it did not fail yet */
  readonly failedAt: number | null;
}

export interface PendingSet {
  readonly seq: string;
  readonly jti: string;
  readonly subjectHash: string;
  readonly attempts: number;
  /** milliseconds since the epoch, by the database's clock */
  readonly enqueuedAt: number;
  readonly isExpired: boolean;
  /** of a SET that failed, or is not due */
  readonly past?: Past | undefined;
}

export interface ReadResult {
  /** false: deleted, polled from now on, or leased by another process */
  readonly isOwned: boolean;
  /** false: paused or disabled; then only SETs about the stream's status are read */
  readonly isOpen: boolean;
  readonly version: string;
  readonly sets: PendingSet[];
}

export interface BackOff {
  readonly streamId: string;
  readonly delaySeconds: number;
  readonly error: string;
  /** failures in a row, this one included */
  readonly failures: number;
  /** since it was leased, before it failed */
  readonly hasSucceeded: boolean;
}

/** Below every seq: reads a queue from its front. */
export const FRONT = '-9223372036854775808';

interface TickRow {
  stream_id: string;
  is_owned: boolean;
  is_open: boolean;
  version: string | null;
  seq: string | null;
  jti: string;
  subject_hash: string;
  attempts: number;
  enqueued_at: number;
  is_expired: boolean;
  past: Past | null;
}

/** The queues as the one who serves them sees them. Every call is one statement. */
@Injectable()
export class LeaseService {
  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    private readonly unitOfWork: UnitOfWork,
    private readonly doorbell: DoorbellRelay,
    private readonly recent: RecentClaims,
  ) {}

  /** `among` limits it to those streams; undefined looks at all. */
  async acquire(
    owner: string,
    max: number,
    seconds: number,
    among?: readonly string[],
  ): Promise<AcquiredLease[]> {
    // an UPDATE's answer is [rows, count] in TypeORM
    const [rows] = await this.unitOfWork.manager.query<
      [{ stream_id: string; version: string; failures: number }[]]
    >(ACQUIRE_SQL, [owner, max, seconds, among ?? null, this.doorbell.backendPid ?? null]);
    return rows.map((row) => ({ streamId: row.stream_id, version: row.version, failures: row.failures }));
  }

  /** Ends or keeps what was tried, and reads. To read alone takes half as long to plan, and commits nothing. */
  async tick(
    owner: string,
    settlements: readonly Settlement[],
    reads: readonly ReadRequest[],
  ): Promise<Map<string, ReadResult>> {
    const reading = [
      uuidArray(reads, (each) => each.streamId),
      bigintArray(reads, (each) => each.after),
      integerArray(reads, (each) => each.max),
      textArray(reads, ({ blocked }) => blocked && `{${blocked.join(',')}}`),
      owner,
      this.config.retentionCeiling,
      // twice the time between two heartbeats
      this.config.leaseSeconds / 3,
    ];
    const rows =
      settlements.length === 0
        ? await this.unitOfWork.manager.query<TickRow[]>(READ_SQL, reading)
        : await this.unitOfWork.manager.query<TickRow[]>(TICK_SQL, [...reading, ...columnsOf(settlements)]);
    const results = new Map<string, ReadResult>();
    for (const row of rows) {
      const result = results.get(row.stream_id) ?? {
        isOwned: row.is_owned,
        isOpen: row.is_open,
        version: row.version ?? '',
        sets: [],
      };
      results.set(row.stream_id, result);
      if (row.seq !== null)
        result.sets.push({
          seq: row.seq,
          jti: row.jti,
          subjectHash: row.subject_hash,
          attempts: row.attempts,
          enqueuedAt: row.enqueued_at,
          isExpired: row.is_expired,
          past: row.past ?? undefined,
        });
    }
    return results;
  }

  /** The JSON to sign, by jti. */
  async claims(jtis: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const jti of jtis) {
      const recent = this.recent.take(jti);
      if (recent !== undefined) found.set(jti, recent);
    }
    const others = jtis.filter((jti) => !found.has(jti));
    if (others.length === 0) return found;
    const rows = await this.unitOfWork.manager.query<{ jti: string; claims: string }[]>(CLAIMS_SQL, [
      uuidArray(others, (jti) => jti),
    ]);
    for (const { jti, claims } of rows) found.set(jti, claims);
    return found;
  }

  /** Renews all leases of `owner` but those `released`; returns the streams that are still its own. */
  async heartbeat(
    owner: string,
    seconds: number,
    released: readonly string[],
    succeeded: readonly string[],
  ): Promise<Set<string>> {
    const [rows] = await this.unitOfWork.manager.query<[{ stream_id: string }[]]>(HEARTBEAT_SQL, [
      owner,
      seconds,
      released,
      succeeded,
      this.doorbell.backendPid ?? null,
    ]);
    const held = new Set(rows.map((row) => row.stream_id));
    for (const streamId of released) held.delete(streamId);
    return held;
  }

  /** Returns the streams that were indeed still leased by `owner`. */
  async backOff(owner: string, steps: readonly BackOff[]): Promise<string[]> {
    const [rows] = await this.unitOfWork.manager.query<[{ stream_id: string }[]]>(BACK_OFF_SQL, [
      owner,
      steps.map((step) => step.streamId),
      steps.map((step) => step.delaySeconds),
      steps.map((step) => step.error),
      steps.map((step) => step.failures),
      steps.map((step) => step.hasSucceeded),
    ]);
    return rows.map((row) => row.stream_id);
  }
}

function columnsOf(settlements: readonly Settlement[]): unknown[] {
  return [
    uuidArray(settlements, (each) => each.streamId),
    bigintArray(settlements, (each) => each.seq),
    textArray(settlements, (each) => each.outcome),
    textArray(settlements, (each) => each.method),
    smallintArray(settlements, (each) => each.httpStatus),
    textArray(settlements, (each) => each.err),
    textArray(settlements, (each) => each.description),
    integerArray(settlements, (each) => each.durationMs),
    doubleArray(settlements, (each) => each.asideSeconds),
    smallintArray(settlements, (each) => each.strikes),
  ];
}
