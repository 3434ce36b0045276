import { Injectable } from '@nestjs/common';
import { type EntityManager, IsNull, Not } from 'typeorm';
import type { Application } from '../applications/application.entity.js';
import type { Actor } from '../audit/actor.js';
import { type Change, recordChange } from '../audit/record-change.js';
import { SsfError } from '../core/errors.js';
import type { RequestedDelivery } from '../core/streams/parse-delivery.js';
import type { StreamUpdateRequest } from '../core/streams/parse-stream-update.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { ProvidersService } from '../providers/providers.service.js';
import { QueueService } from '../queue/queue.service.js';
import { auditedStream, headerDifference, scopeOf } from './audited-stream.js';
import { Stream } from './stream.entity.js';
import { type DeliveryColumns, StreamDeliveryService } from './stream-delivery.service.js';

/** `patch`: absent members stay (SSF 1.0 section 8.1.1.3). `replace`: they are deleted (section 8.1.1.4). */
export type UpdateMode = 'patch' | 'replace';

export interface UpdateOptions {
  readonly mode: UpdateMode;
  /** looks at the stream as it is under the lock, and throws when the request does not fit it */
  check(this: void, before: Stream): void;
}

type Columns = Partial<DeliveryColumns & Pick<Stream, 'eventsRequested' | 'description'>>;

@Injectable()
export class StreamUpdateService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly providers: ProvidersService,
    private readonly queue: QueueService,
    private readonly delivery: StreamDeliveryService,
  ) {}

  /**
   * All or nothing. What is queued stays when push and poll are swapped: the same SETs, with their jti, go the other
   * way. Throws `invalid_request`, and `not_found` or `conflict` when the stream is not any more what was `seen`.
   */
  async update(
    application: Application,
    seen: Stream,
    request: StreamUpdateRequest,
    { mode, check }: UpdateOptions,
    actor: Actor,
  ): Promise<Stream> {
    check(seen);
    const columns = await this.columns(application, seen, request, mode);
    return this.unitOfWork.run(async (manager) => {
      await this.providers.touchConfiguration(manager, seen.providerId);
      const before = await locked(manager, seen);
      check(before);
      const header = await headerChange(manager, before.id, columns.authorizationHeader);
      if (Object.keys(columns).length > 0) await manager.update(Stream, { id: before.id }, columns);
      const after = await manager.findOneByOrFail(Stream, { id: before.id });
      const difference = auditedStream.difference(before, after);
      if (difference ?? header.after)
        await recordChange(manager, actor, {
          action: 'stream.updated',
          ...scopeOf(after),
          before: { ...difference?.before, ...header.before },
          after: { ...difference?.after, ...header.after },
        });
      await this.queue.change(manager, after.id, {
        runnable: after.status === 'enabled',
        pushes: after.method === 'push',
      });
      return after;
    });
  }

  private async columns(
    application: Application,
    stream: Stream,
    request: StreamUpdateRequest,
    mode: UpdateMode,
  ): Promise<Columns> {
    const { eventsRequested, description } = request;
    // a replacement without `delivery` goes back to the default, which is poll
    const delivery = request.delivery ?? (mode === 'replace' ? ({ method: 'poll' } as const) : undefined);
    return {
      ...((eventsRequested !== undefined || mode === 'replace') && {
        eventsRequested: eventsRequested ?? null,
      }),
      ...((description !== undefined || mode === 'replace') && { description: description ?? null }),
      ...(delivery && (await this.deliveryColumns(application, stream, delivery))),
    };
  }

  /** The header is write-only: a receiver that sends the same URL without it means the one that there is. */
  private async deliveryColumns(
    application: Application,
    stream: Stream,
    delivery: RequestedDelivery,
  ): Promise<Partial<DeliveryColumns>> {
    const { authorizationHeader, ...columns } = await this.delivery.columns(application, stream.id, delivery);
    const keepsHeader =
      delivery.method === 'push' &&
      delivery.authorizationHeader === undefined &&
      delivery.endpointUrl === stream.endpointUrl;
    return keepsHeader ? columns : { ...columns, authorizationHeader };
  }
}

/** What is told of a header that is set or removed; undefined: it stays. */
async function headerChange(
  manager: EntityManager,
  id: string,
  header: Buffer | null | undefined,
): Promise<Pick<Change, 'before' | 'after'>> {
  if (header === undefined) return {};
  const had = await manager.existsBy(Stream, { id, authorizationHeader: Not(IsNull()) });
  return headerDifference(had, header !== null);
}

/** As it is now; an update that another one overtook is refused rather than mixed with it. */
async function locked(manager: EntityManager, seen: Stream): Promise<Stream> {
  const { id, endpointUrl, method } = seen;
  const now = await manager.findOneBy(Stream, { id, method, endpointUrl: endpointUrl ?? IsNull() });
  if (now) return now;
  if (await manager.existsBy(Stream, { id }))
    throw new SsfError('conflict', 'the stream was changed by another request meanwhile; try again');
  throw new SsfError('not_found', 'there is no such stream');
}
