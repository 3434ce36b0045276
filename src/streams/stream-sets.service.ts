import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { SSF } from '../core/events/event-uris.js';
import { setClaimsJson } from '../core/set/set-claims.js';
import { canonicalKey, subjectHash } from '../core/subjects/canonical-key.js';
import type { StreamStatus } from '../core/streams/stream-status.js';
import { databaseNow } from '../platform/database/database-clock.js';
import { eventId } from '../platform/ids/event-id.js';
import type { Provider } from '../providers/provider.entity.js';
import { type Placement, QueueService } from '../queue/queue.service.js';
import { audienceClaim } from './audience.js';
import type { Stream } from './stream.entity.js';

/** When a SET about a stream is sent. */
type Turn = Pick<Placement, 'delaySeconds' | 'isFirst'>;

/**
 * The SETs about a stream itself. Their subject is the stream (SSF 1.0 sections 8.1.4.1 and 8.1.5), so neither
 * `events_delivered` nor the subjects of the stream filter them.
 */
@Injectable()
export class StreamSetsService {
  constructor(private readonly queue: QueueService) {}

  /** SSF 1.0 section 8.1.4: `state` is echoed as it came; without one there is no such member. */
  verification(
    manager: EntityManager,
    provider: Provider,
    stream: Stream,
    state: string | undefined,
    turn: Turn = {},
  ): Promise<string> {
    return this.enqueue(manager, provider, stream, {
      eventType: SSF.verification,
      payload: state === undefined ? {} : { state },
      ...turn,
    });
  }

  /** SSF 1.0 section 8.1.5. */
  streamUpdated(
    manager: EntityManager,
    provider: Provider,
    stream: Stream,
    change: { status: StreamStatus; reason?: string },
    turn: Turn = {},
  ): Promise<string> {
    return this.enqueue(manager, provider, stream, {
      eventType: SSF.streamUpdated,
      payload: { ...change },
      ...turn,
    });
  }

  private async enqueue(
    manager: EntityManager,
    provider: Provider,
    stream: Stream,
    set: Turn & { eventType: string; payload: Record<string, unknown> },
  ): Promise<string> {
    const now = await databaseNow(manager);
    const jti = eventId(now);
    const subId = { format: 'opaque', id: stream.id };
    const claims = setClaimsJson(
      { issuer: provider.issuer, jti, issuedAt: now, audience: audienceClaim(stream) },
      { subId, eventType: set.eventType, payload: set.payload },
    );
    await this.queue.enqueue(
      manager,
      {
        jti,
        applicationId: stream.applicationId,
        streamId: stream.id,
        method: stream.method,
        eventType: set.eventType,
        subjectHash: subjectHash(canonicalKey(subId)),
        claims,
      },
      {
        providerId: provider.id,
        retentionDays: provider.eventRetentionDays,
        delaySeconds: set.delaySeconds,
        isFirst: set.isFirst,
      },
    );
    return jti;
  }
}
