import { Injectable, Logger } from '@nestjs/common';
import { invalidRequest, type Problem, SsfError } from '../../core/errors.js';
import { isJsonObject } from '../../core/json-object.js';
import { applyProfile } from '../../core/sources/apply-profile.js';
import { productProfile } from '../../core/sources/source-profiles.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { ProvidersService } from '../../providers/providers.service.js';
import type { SignalItem } from '../signal-item.js';
import type { RecordedSignal } from '../signal.js';
import { SignalsService } from '../signals.service.js';
import type { SignalSource } from './signal-source.entity.js';
import { LIST_UNMAPPED_SQL, UNMAPPED_SQL } from './unmapped.sql.js';

const MAX_TEXT = 255;

/** An event that was listed instead of recorded. */
export interface UnmappedOutcome {
  readonly status: 'unmapped';
  readonly reason: string;
}

/** A kind of event that was none of our signals, and how often. */
export interface UnmappedEvent {
  readonly eventType: string;
  /** of the last one */
  readonly reason: string;
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

/** Records what a source sends, for its own provider alone. */
@Injectable()
export class SourceEventsService {
  private readonly logger = new Logger(SourceEventsService.name);

  constructor(
    private readonly signals: SignalsService,
    private readonly providers: ProvidersService,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Signals in our own form or as CloudEvents, all or none. Throws `invalid_request`. */
  async takeSignals(source: SignalSource, items: readonly SignalItem[]): Promise<RecordedSignal[]> {
    const { slug } = await this.providers.get(source.providerId);
    return this.signals.recordItems(items.map((item) => ofSource(item, source, slug)));
  }

  /** An event of the source's product. Throws `invalid_request` when it is no signal, unless those are listed. */
  async takeEvent(source: SignalSource, event: unknown): Promise<RecordedSignal[] | [UnmappedOutcome]> {
    const profile = productProfile(source.profile);
    if (!profile) throw new SsfError('internal', `the profile ${source.profile} is no product's`);
    const applied = applyProfile(profile, event);
    if ('reason' in applied) return this.unmapped(source, applied.eventType, [whole(applied.reason)]);
    try {
      return await this.takeSignals(source, [{ value: applied.signal, pathOf: (member) => member }]);
    } catch (error) {
      if (!(error instanceof SsfError) || error.code !== 'invalid_request') throw error;
      return this.unmapped(source, applied.eventType, error.problems);
    }
  }

  listUnmapped(source: SignalSource): Promise<UnmappedEvent[]> {
    return this.unitOfWork.manager.query<UnmappedEvent[]>(UNMAPPED_SQL, [source.id]);
  }

  private async unmapped(
    { id, providerId, unmapped }: SignalSource,
    eventType: string,
    problems: readonly Problem[],
  ): Promise<[UnmappedOutcome]> {
    const refusal = invalidRequest(...problems);
    if (unmapped === 'refuse') throw refusal;
    const reason = refusal.message;
    const kind = eventType.slice(0, MAX_TEXT);
    await this.unitOfWork.manager.query(LIST_UNMAPPED_SQL, [id, kind, reason.slice(0, MAX_TEXT)]);
    this.logger.log({ event: 'signal.unmapped', providerId, sourceId: id, eventType: kind });
    return [{ status: 'unmapped', reason }];
  }
}

function whole(message: string): Problem {
  return { member: '', message };
}

/** With the provider of the source, and an id that no other source can have. */
function ofSource(item: SignalItem, source: SignalSource, provider: string): SignalItem {
  const { value, pathOf } = item;
  if (!isJsonObject(value)) return item;
  if (value.provider !== undefined && value.provider !== provider) {
    const message = `must be ${provider} or absent: the source records for no other provider`;
    return { ...item, problems: [...(item.problems ?? []), { member: pathOf('provider'), message }] };
  }
  const id = typeof value.id === 'string' && value.id !== '' ? `${source.slug}/${value.id}` : value.id;
  return { ...item, value: { ...value, provider, ...(id !== undefined && { id }) } };
}
