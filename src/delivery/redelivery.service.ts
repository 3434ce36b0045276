import { Injectable, Logger } from '@nestjs/common';
import type { Actor } from '../audit/actor.js';
import { recordChange } from '../audit/record-change.js';
import { SsfError } from '../core/errors.js';
import { SSF } from '../core/events/event-uris.js';
import type { SetClaims } from '../core/set/set-claims.js';
import type { StreamStatus } from '../core/streams/stream-status.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { RedeliveryQueueService } from '../queue/redelivery-queue.service.js';
import { type AttemptRecord, SetHistoryService, type SetRecord } from '../queue/set-history.service.js';
import { StreamStatusService } from '../streams/stream-status.service.js';

const REMOVED = 'what it told of its subject was removed, and there is nothing left to send';

/** Sends one SET again, whatever became of it. */
@Injectable()
export class RedeliveryService {
  private readonly logger = new Logger(RedeliveryService.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly history: SetHistoryService,
    private readonly statuses: StreamStatusService,
    private readonly queue: RedeliveryQueueService,
  ) {}

  /**
   * Puts the SET back into its stream's queue, with the same jti and claims; one that waits already stays as it is.
   * Answers how it stands then: pending, or held while its stream is paused. Throws `not_found`, or `conflict` with
   * the reason why it cannot be sent.
   */
  async redeliver(jti: string, administrator: Actor): Promise<SetRecord & { attempts: AttemptRecord[] }> {
    const set = await this.history.get(jti);
    const { streamId } = set;
    const queued = await this.unitOfWork.run(async (manager) => {
      const status = (await this.statuses.locked(manager, [streamId])).get(streamId);
      const refusal = refusalOf(set, status);
      if (refusal !== undefined) throw new SsfError('conflict', refusal);
      const queuedJtis = await this.queue.redeliver(manager, [jti], 'an administrator');
      const { providerId, applicationId } = set;
      if (queuedJtis.length > 0)
        await recordChange(manager, administrator, {
          action: 'set.redelivered',
          providerId,
          applicationId,
          streamId,
          targetId: jti,
        });
      return queuedJtis;
    });
    if (queued.length > 0) this.logger.log({ event: 'set.redelivered', jti, streamId });
    const after = await this.history.get(jti);
    // it went while its stream was waited for
    if (after.purgedAt !== null) throw new SsfError('conflict', REMOVED);
    return after;
  }
}

/** Why a SET cannot be sent to its stream as that stands. */
function refusalOf(
  { eventType, claims, purgedAt }: SetRecord,
  status: StreamStatus | undefined,
): string | undefined {
  if (status === undefined) return 'its stream was deleted';
  if (purgedAt !== null) return REMOVED;
  if (eventType === SSF.streamUpdated) return outdated(claims, status);
  // SSF 1.0 section 8.1.2.1
  return status === 'disabled' ? 'its stream is disabled: enable it first' : undefined;
}

/** A SET about the stream's status is sent whatever the status, before all else; but a receiver is not told an old one. */
function outdated(claims: string, status: StreamStatus): string | undefined {
  const { status: told }: { status?: unknown } =
    (JSON.parse(claims) as SetClaims).events[SSF.streamUpdated] ?? {};
  return told === status ? undefined : `it tells that its stream is ${String(told)}, which is ${status} now`;
}
