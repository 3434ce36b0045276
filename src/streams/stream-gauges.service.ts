import { Injectable, type OnModuleInit } from '@nestjs/common';
import { STREAM_STATUSES } from '../core/streams/stream-status.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { SsfMetrics } from '../platform/telemetry/metrics.js';
import { QUEUE_DEPTH_SQL } from '../queue/queue-depth.sql.js';
import { STREAMS_BY_STATUS_SQL } from './stream-counts.sql.js';

/** A value that is late is worth less than the delivery that reading it would slow down. */
const LIMITS_SQL = `set local statement_timeout = '5s'; set local max_parallel_workers_per_gather = 0`;

interface QueueDepth {
  readonly pending: number;
  readonly held: number;
  readonly oldestPendingAt: Date | null;
  readonly now: Date;
}

/** The metrics of what all processes share: each of them tells the same. */
@Injectable()
export class StreamGaugesService implements OnModuleInit {
  private asked: Promise<QueueDepth> | undefined;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly metrics: SsfMetrics,
  ) {}

  onModuleInit(): void {
    this.metrics.observe(
      { name: 'ssf_queue_depth', help: 'SETs that wait, of all processes together', labels: ['status'] },
      async () => {
        const { pending, held } = await this.depth();
        return [
          { labels: { status: 'pending' }, value: pending },
          { labels: { status: 'held' }, value: held },
        ];
      },
    );
    this.metrics.observe(
      {
        name: 'ssf_queue_oldest_seconds',
        help: 'How long the oldest SET waits that is not held; 0 when there is none',
      },
      async () => {
        const { oldestPendingAt, now } = await this.depth();
        const age = oldestPendingAt === null ? 0 : (now.getTime() - oldestPendingAt.getTime()) / 1000;
        return [{ labels: {}, value: age }];
      },
    );
    this.metrics.observe(
      { name: 'ssf_streams', help: 'Streams, of all processes together', labels: ['status'] },
      async () => {
        const rows = await this.streams();
        return STREAM_STATUSES.map((status) => {
          const row = rows.find((each) => each.status === status);
          return { labels: { status }, value: row?.count ?? 0 };
        });
      },
    );
    this.metrics.observe(
      { name: 'ssf_streams_failing', help: 'Streams that wait since their last push failed' },
      async () => {
        const rows = await this.streams();
        return [{ labels: {}, value: rows.reduce((total, { failing }) => total + failing, 0) }];
      },
    );
  }

  /** Two metrics ask at the same time. */
  private depth(): Promise<QueueDepth> {
    this.asked ??= this.readDepth().finally(() => (this.asked = undefined));
    return this.asked;
  }

  private async readDepth(): Promise<QueueDepth> {
    const [row] = await this.read<QueueDepth>(`select *, now() from (${QUEUE_DEPTH_SQL}) depth`);
    if (!row) throw new Error('counting gave no row');
    return row;
  }

  private streams(): Promise<{ status: string; count: number; failing: number }[]> {
    return this.read(STREAMS_BY_STATUS_SQL);
  }

  private read<Row>(sql: string): Promise<Row[]> {
    return this.unitOfWork.run(async (manager) => {
      await manager.query(LIMITS_SQL);
      return manager.query<Row[]>(sql, [null]);
    });
  }
}
