import { Injectable, Logger } from '@nestjs/common';
import { Application } from '../applications/application.entity.js';
import { PairwiseSecretsService } from '../applications/pairwise-secrets.service.js';
import type { EventCatalogue } from '../core/events/event-catalogue.js';
import type { FoldRepeats } from '../core/events/fold-repeats.js';
import { type EventMapping, mappingRecipes } from '../core/events/event-mapping.js';
import { InjectEventCatalogue } from '../platform/catalogue/event-catalogue.token.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import type { DefaultSubjects } from '../providers/provider.entity.js';
import { Stream } from '../streams/stream.entity.js';
import { StreamEventsService } from '../streams/stream-events.service.js';
import { StreamSubjectsService } from '../streams/stream-subjects.service.js';
import type { FanOutPlan, PlannedStream } from './fan-out-plan.js';

interface ProviderRow {
  slug: string;
  issuer: string;
  event_retention_days: number;
  default_subjects: DefaultSubjects;
  event_mapping: EventMapping;
  fold_repeats: FoldRepeats | null;
  version: string;
  has_opt_outs: boolean;
}

/** The plans of the providers, each kept while the provider's configuration stands. */
@Injectable()
export class FanOutPlansService {
  private readonly logger = new Logger(FanOutPlansService.name);
  private readonly plans = new Map<string, FanOutPlan>();

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly streamEvents: StreamEventsService,
    private readonly subjects: StreamSubjectsService,
    private readonly pairwise: PairwiseSecretsService,
    @InjectEventCatalogue() private readonly catalogue: EventCatalogue,
  ) {}

  /** The one of the last fan-out, whatever has changed since. */
  last(providerId: string): FanOutPlan | undefined {
    return this.plans.get(providerId);
  }

  /** The plan of this version, or of a later one. Undefined when the provider was deleted meanwhile. */
  async get(providerId: string, version: string): Promise<FanOutPlan | undefined> {
    const kept = this.plans.get(providerId);
    if (kept?.version === version) return kept;
    const plan = await this.load(providerId);
    if (plan) this.plans.set(providerId, plan);
    else this.plans.delete(providerId);
    return plan;
  }

  /** The one of this moment. Undefined when there is no such provider. */
  async current(providerId: string): Promise<FanOutPlan | undefined> {
    const [row] = await this.unitOfWork.manager.query<{ version: string }[]>(
      'select config_version::text as version from ssf.provider where id = $1',
      [providerId],
    );
    return row && this.get(providerId, row.version);
  }

  /**
   * The version is read first: a change that commits while the rest is read has a later one, with which the plan takes
   * no effect.
   */
  private async load(providerId: string): Promise<FanOutPlan | undefined> {
    const { manager } = this.unitOfWork;
    const [row] = await manager.query<ProviderRow[]>(
      `select slug, issuer, event_retention_days, default_subjects, event_mapping, fold_repeats, config_version::text as version,
              exists (select from ssf.opt_out where provider_id = id) as has_opt_outs
         from ssf.provider where id = $1`,
      [providerId],
    );
    if (!row) return undefined;
    const applications = await manager.findBy(Application, { providerId });
    const pairwise = await this.pairwise.of(applications);
    const byId = new Map(applications.map((application) => [application.id, application]));
    const streams = await manager.find(Stream, { where: { providerId }, order: { id: 'ASC' } });
    const planned = streams.flatMap((stream): PlannedStream[] => {
      const application = byId.get(stream.applicationId);
      const own = application && pairwise.get(application.id);
      // deleted meanwhile: the plan takes no effect
      if (!application || (application.pairwiseSubjects && !own)) return [];
      const delivered = new Set(this.streamEvents.of(stream, application).delivered);
      return [{ stream, application, delivered, ...(own && { pairwise: own }) }];
    });
    const kind = row.default_subjects === 'NONE' ? 'added' : 'removed';
    return {
      providerId,
      provider: row.slug,
      version: row.version,
      issuer: row.issuer,
      retentionDays: row.event_retention_days,
      mapping: mappingRecipes(row.event_mapping, this.catalogue, ({ member, message }) =>
        this.logger.warn(
          { event: 'mapping.unusable', providerId, member },
          `an event that signals were to become is left out: it ${message}`,
        ),
      ),
      folding: row.fold_repeats ?? undefined,
      lists: await this.subjects.lists(
        streams.map(({ id }) => id),
        kind,
      ),
      streams: planned,
      clients: new Map(
        applications.flatMap(({ clientId, id }) => (clientId === null ? [] : [[clientId, id]])),
      ),
      hasOptOuts: row.has_opt_outs,
      subscribing: kind === 'added' ? subscribing(planned) : new Map(),
    };
  }
}

/** A stream that has all users by default needs to be given none. */
function subscribing(streams: readonly PlannedStream[]): Map<string, PlannedStream[]> {
  const byClient = new Map<string, PlannedStream[]>();
  for (const planned of streams) {
    const { autoSubscribe, clientId } = planned.application;
    if (!autoSubscribe || clientId === null) continue;
    const others = byClient.get(clientId);
    if (others) others.push(planned);
    else byClient.set(clientId, [planned]);
  }
  return byClient;
}
