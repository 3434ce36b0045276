import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Statements } from '../platform/database/statements.service.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { RedeliveryQueueService } from '../queue/redelivery-queue.service.js';
import { StreamStatusService } from '../streams/stream-status.service.js';
import { Recovery } from './recovery.entity.js';
import { ADVANCE_SQL, IS_DUE_SQL, POSTPONE_SQL, PURGE_RECOVERIES_SQL, TAKE_SQL } from './recovery.sql.js';

/** SETs that one transaction looks at. Larger ones keep a change of a stream waiting for longer and gain nothing. */
export const RECOVERY_BATCH = 500;
/** Before a batch that failed is tried again. */
const RETRY_SECONDS = 30;
const KEPT_DAYS = 90;

interface Step {
  /** the last SET that was looked at */
  readonly position: string | undefined;
  readonly isLast: boolean;
  readonly redelivered: number;
  readonly skipped: number;
}

/** Carries recoveries out, a batch at a time. Any number of processes may do so side by side. */
@Injectable()
export class RecoveryWorkerService {
  private readonly logger = new Logger(RecoveryWorkerService.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly statements: Statements,
    private readonly queue: RedeliveryQueueService,
    private readonly statuses: StreamStatusService,
  ) {}

  /** One batch of the recovery that nobody has worked on for longest. False when there is none to work on. */
  async work(): Promise<boolean> {
    const [look] = await this.statements.run<{ is_due: boolean }>(IS_DUE_SQL, [], 1);
    if (!look?.is_due) return false;
    let taken: string | undefined;
    try {
      return await this.unitOfWork.run(async (manager) => {
        const recovery = await take(manager);
        taken = recovery?.id;
        if (!recovery) return false;
        await this.advance(manager, recovery, await this.step(manager, recovery));
        return true;
      });
    } catch (error) {
      if (taken !== undefined) await this.postpone(taken, error);
      throw error;
    }
  }

  /** What ended long ago is forgotten. */
  async purge(): Promise<void> {
    await this.unitOfWork.manager.query(PURGE_RECOVERIES_SQL, [KEPT_DAYS]);
  }

  private async step(manager: EntityManager, recovery: Recovery): Promise<Step> {
    const { id, filter, statuses, position, to } = recovery;
    const range = {
      after: position,
      to,
      ...(filter.streamId !== undefined && { streamId: filter.streamId }),
    };
    const jtis = await this.queue.look(manager, range, statuses, RECOVERY_BATCH);
    const wanted = await this.queue.wanted(manager, jtis, filter, statuses);
    const streams = await this.statuses.locked(manager, [...new Set(wanted.map((set) => set.streamId))]);
    const sendable = wanted.filter((set) => ['enabled', 'paused'].includes(streams.get(set.streamId) ?? ''));
    const redelivered = await this.queue.redeliver(
      manager,
      sendable.map(({ jti }) => jti),
      `recovery ${id}`,
    );
    return {
      position: jtis.at(-1),
      isLast: jtis.length < RECOVERY_BATCH,
      redelivered: redelivered.length,
      skipped: wanted.length - redelivered.length,
    };
  }

  private async advance(manager: EntityManager, { id }: Recovery, step: Step): Promise<void> {
    const { position, isLast, redelivered, skipped } = step;
    const [rows] = await manager.query<[{ redelivered: number; skipped: number }[]]>(ADVANCE_SQL, [
      id,
      position ?? null,
      redelivered,
      skipped,
      isLast,
    ]);
    if (isLast)
      this.unitOfWork.afterCommit(manager, () =>
        this.logger.log({ event: 'recovery.done', recoveryId: id, ...rows[0] }),
      );
  }

  private async postpone(id: string, cause: unknown): Promise<void> {
    const message = cause instanceof Error ? cause.message : 'unknown';
    try {
      await this.unitOfWork.manager.query(POSTPONE_SQL, [id, message.slice(0, 500), RETRY_SECONDS]);
    } catch (error) {
      // it stays due, and is taken again as soon as the database answers
      this.logger.error({ err: error, recoveryId: id }, 'a recovery could not be postponed');
    }
  }
}

async function take(manager: EntityManager): Promise<Recovery | undefined> {
  const [row] = await manager.query<{ id: string }[]>(TAKE_SQL);
  return row && (await manager.findOneByOrFail(Recovery, { id: row.id }));
}
