import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { FAILED_SQL, STILL_FAILING_SQL, TELL_FAILING_SQL } from './failing.sql.js';

export interface FailingQueue {
  readonly streamId: string;
  readonly failingSince: Date;
  readonly lastError: string | null;
  /** steps, in percent, that were reached since the last look; at least one */
  readonly reached: readonly number[];
}

/** Push streams that know nothing but failure, as their rows say. */
@Injectable()
export class FailingQueuesService {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Each step of each stream's run of failures is answered once, whoever asks. `steps` ascend. */
  async news(windowSeconds: number, steps: readonly [number, ...number[]]): Promise<FailingQueue[]> {
    const [rows] = await this.unitOfWork.manager.query<
      [
        {
          stream_id: string;
          told: number;
          reached: number;
          first_failure_at: Date;
          last_error: string | null;
        }[],
      ]
    >(TELL_FAILING_SQL, [(windowSeconds * steps[0]) / 100, steps, windowSeconds]);
    return rows.map((row) => ({
      streamId: row.stream_id,
      failingSince: row.first_failure_at,
      lastError: row.last_error,
      reached: steps.filter((step) => step > row.told && step <= row.reached),
    }));
  }

  async failed(windowSeconds: number): Promise<{ streamId: string; lastError: string | null }[]> {
    const rows = await this.unitOfWork.manager.query<{ stream_id: string; last_error: string | null }[]>(
      FAILED_SQL,
      [windowSeconds],
    );
    return rows.map((row) => ({ streamId: row.stream_id, lastError: row.last_error }));
  }

  /** Asked in the transaction that acts on it. */
  async isStillFailing(manager: EntityManager, streamId: string, windowSeconds: number): Promise<boolean> {
    const rows = await manager.query<unknown[]>(STILL_FAILING_SQL, [windowSeconds, streamId]);
    return rows.length > 0;
  }
}
