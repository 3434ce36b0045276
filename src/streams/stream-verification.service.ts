import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { recordChange } from '../audit/record-change.js';
import { SsfError } from '../core/errors.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { ProvidersService } from '../providers/providers.service.js';
import { QueueService } from '../queue/queue.service.js';
import { scopeOf } from './audited-stream.js';
import { Stream } from './stream.entity.js';
import { type StreamLimit, StreamLimitsService } from './stream-limits.service.js';
import { StreamSetsService } from './stream-sets.service.js';

/** How long after an accepted request the next one is taken (SSF 1.0 section 8.1.1, `min_verification_interval`). */
export const MIN_VERIFICATION_INTERVAL_SECONDS = 10;

const LIMIT: StreamLimit = { kind: 'verification', count: 1, seconds: MIN_VERIFICATION_INTERVAL_SECONDS };

@Injectable()
export class StreamVerificationService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly providers: ProvidersService,
    private readonly queue: QueueService,
    private readonly streamSets: StreamSetsService,
    private readonly limits: StreamLimitsService,
  ) {}

  /**
   * SSF 1.0 section 8.1.4. A receiver that asks again within the interval gets `too_many_requests`; an
   * administrator is not limited. A paused stream holds the SET, a disabled one drops it.
   */
  async verify(stream: Stream, state: string | undefined, actor: Actor): Promise<void> {
    const provider = await this.providers.get(stream.providerId);
    await this.unitOfWork.run(async (manager) => {
      const { status } = await held(manager, stream.id);
      if (actor.kind === 'receiver') await this.limits.take(manager, stream.id, LIMIT);
      await this.streamSets.verification(manager, provider, stream, state);
      if (status === 'disabled') await this.queue.purge(manager, stream.id, 'status_disabled');
      // a receiver's own requests change nothing, and may come every few seconds
      if (actor.kind !== 'receiver')
        await recordChange(manager, actor, {
          action: 'stream.verification_requested',
          ...scopeOf(stream),
        });
    });
  }
}

/** The stream as it is, which nobody deletes or pauses before the transaction ends. */
async function held(manager: EntityManager, id: string): Promise<Stream> {
  const stream = await manager.findOne(Stream, { where: { id }, lock: { mode: 'for_no_key_update' } });
  if (!stream) throw new SsfError('not_found', 'there is no such stream');
  return stream;
}
