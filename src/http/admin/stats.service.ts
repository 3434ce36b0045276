import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { invalidRequest, SsfError } from '../../core/errors.js';
import { STREAM_STATUSES } from '../../core/streams/stream-status.js';
import { databaseNow } from '../../platform/database/database-clock.js';
import { sqlStateOf } from '../../platform/database/sql-state.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { ProvidersService } from '../../providers/providers.service.js';
import { ATTEMPT_OUTCOMES } from '../../queue/attempt-outcome.js';
import { QUEUE_DEPTH_SQL } from '../../queue/queue-depth.sql.js';
import { SET_STATUSES } from '../../queue/set-status.js';
import { STREAMS_BY_STATUS_SQL } from '../../streams/stream-counts.sql.js';
import { type LatencyDto, type StatsDto, type StatsQueryDto } from './dto/stats.dto.js';
import {
  ATTEMPTS_BY_OUTCOME_SQL,
  LATENCIES_SQL,
  SETS_BY_STATUS_SQL,
  SIGNALS_BY_TYPE_SQL,
} from './stats.sql.js';

const HOUR_MS = 3_600_000;
const MOST_HOURS = 7 * 24;
/** Few percentiles are worth as much as the delivery that they would slow down. */
const LIMITS_SQL = `
set local statement_timeout = '10s'; set local max_parallel_workers_per_gather = 0; set local work_mem = '64MB'`;
const QUERY_CANCELED = '57014';

interface Range {
  readonly from: Date;
  readonly to: Date;
  readonly providerId: string | null;
}

interface Counted {
  readonly count: number;
}

/** Figures of a stretch of time, and of the streams and queues as they are. One at a time per process. */
@Injectable()
export class StatsService {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly providers: ProvidersService,
  ) {}

  /** Throws `invalid_request` naming the member, and `unavailable` when there is too much to count. */
  async get(query: StatsQueryDto): Promise<StatsDto> {
    await this.checkProvider(query.providerId);
    const next = this.last.then(() => this.count(query));
    // whoever comes next waits for this one, and hears nothing of its failure
    this.last = next.catch(() => undefined);
    return next;
  }

  private async checkProvider(providerId: string | undefined): Promise<void> {
    if (providerId === undefined) return;
    try {
      await this.providers.get(providerId);
    } catch (error) {
      if (!(error instanceof SsfError) || error.code !== 'not_found') throw error;
      throw invalidRequest({ member: 'providerId', message: error.message });
    }
  }

  private async count(query: StatsQueryDto): Promise<StatsDto> {
    try {
      return await this.unitOfWork.run(async (manager) => {
        await manager.query('set transaction isolation level repeatable read read only');
        await manager.query(LIMITS_SQL);
        return this.read(manager, rangeOf(query, await databaseNow(manager)));
      });
    } catch (error) {
      if (sqlStateOf(error) !== QUERY_CANCELED) throw error;
      throw new SsfError('unavailable', 'counting took too long: ask for a shorter time', { cause: error });
    }
  }

  private async read(manager: EntityManager, { from, to, providerId }: Range): Promise<StatsDto> {
    const made = [from, to, providerId];
    const rows = <Row>(sql: string, parameters: unknown[]): Promise<Row[]> => manager.query(sql, parameters);
    const signals = await rows<Counted & { type: string }>(SIGNALS_BY_TYPE_SQL, made);
    const sets = await rows<Counted & { eventType: string; status: string }>(SETS_BY_STATUS_SQL, made);
    const attempts = await rows<Counted & { outcome: string }>(ATTEMPTS_BY_OUTCOME_SQL, made);
    const latencies = await rows<Counted & { method: string; percentiles: number[] }>(LATENCIES_SQL, [
      ...made,
      new Date(from.getTime() - HOUR_MS),
      new Date(to.getTime() + HOUR_MS),
    ]);
    const streams = await rows<Counted & { status: string; failing: number }>(STREAMS_BY_STATUS_SQL, [
      providerId,
    ]);
    const [queue] = await rows<StatsDto['queue']>(QUEUE_DEPTH_SQL, [providerId]);
    return {
      from,
      to,
      providerId,
      signals: { recorded: sum(signals), byType: by(signals, 'type') },
      sets: {
        made: sum(sets),
        byStatus: by(sets, 'status', SET_STATUSES),
        byEventType: by(sets, 'eventType'),
      },
      attempts: by(attempts, 'outcome', ATTEMPT_OUTCOMES),
      latency: { push: latencyOf(latencies, 'push'), poll: latencyOf(latencies, 'poll') },
      streams: {
        ...by(streams, 'status', STREAM_STATUSES),
        failing: streams.reduce((total, { failing }) => total + failing, 0),
      },
      queue: queue ?? { pending: 0, held: 0, oldestPendingAt: null },
    };
  }
}

function rangeOf({ from, to, providerId }: StatsQueryDto, now: Date): Range {
  const end = to && to < now ? to : now;
  const start = from ?? new Date(end.getTime() - HOUR_MS);
  if (start > now) throw invalidRequest({ member: 'from', message: 'must not be in the future' });
  if (start >= end) throw invalidRequest({ member: 'to', message: 'must be after from' });
  if (end.getTime() - start.getTime() > MOST_HOURS * HOUR_MS)
    throw invalidRequest({ member: 'from', message: 'must not be more than 7 days before to' });
  return { from: start, to: end, providerId: providerId ?? null };
}

function sum(rows: readonly Counted[]): number {
  return rows.reduce((total, { count }) => total + count, 0);
}

/** Counts by the value of a column; `always` are the values that are there even when nothing has them. */
function by<Column extends string, Value extends string = never>(
  rows: readonly (Counted & Record<Column, string>)[],
  column: Column,
  always: readonly Value[] = [],
): Record<string, number> & Record<Value, number> {
  const counts: Record<string, number> = Object.fromEntries(always.map((value) => [value, 0]));
  for (const row of rows) counts[row[column]] = (counts[row[column]] ?? 0) + row.count;
  return counts;
}

function latencyOf(
  rows: readonly (Counted & { method: string; percentiles: number[] })[],
  method: 'push' | 'poll',
): LatencyDto | null {
  const row = rows.find((each) => each.method === method);
  if (!row) return null;
  const [p50 = 0, p95 = 0, p99 = 0] = row.percentiles;
  return { count: row.count, p50Ms: p50, p95Ms: p95, p99Ms: p99 };
}
