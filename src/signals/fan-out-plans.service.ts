import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Application } from '../applications/application.entity.js';
import type { DefaultSubjects } from '../providers/provider.entity.js';
import { Stream } from '../streams/stream.entity.js';
import { StreamEventsService } from '../streams/stream-events.service.js';
import type { FanOutPlan } from './fan-out-plan.js';
import { LOCK_PROVIDER_SQL } from './fan-out.sql.js';

interface ProviderRow {
  issuer: string;
  event_retention_days: number;
  default_subjects: DefaultSubjects;
  config_version: string;
  now: Date;
}

export interface LockedPlan {
  readonly plan: FanOutPlan;
  /** the transaction's time by the database's clock */
  readonly now: Date;
}

/** The plans of the providers, each kept while the provider's configuration stands. */
@Injectable()
export class FanOutPlansService {
  private readonly plans = new Map<string, { readonly version: string; readonly plan: FanOutPlan }>();

  constructor(private readonly streamEvents: StreamEventsService) {}

  /** Locks the provider until the transaction ends. Undefined when it was deleted meanwhile. */
  async lock(manager: EntityManager, providerId: string): Promise<LockedPlan | undefined> {
    const [row] = await manager.query<ProviderRow[]>(LOCK_PROVIDER_SQL, [providerId]);
    if (!row) {
      this.plans.delete(providerId);
      return undefined;
    }
    const kept = this.plans.get(providerId);
    if (kept?.version === row.config_version) return { plan: kept.plan, now: row.now };
    const plan = await this.load(manager, providerId, row);
    this.plans.set(providerId, { version: row.config_version, plan });
    return { plan, now: row.now };
  }

  private async load(manager: EntityManager, providerId: string, row: ProviderRow): Promise<FanOutPlan> {
    const applications = await manager.findBy(Application, { providerId });
    const byId = new Map(applications.map((application) => [application.id, application]));
    const streams = await manager.find(Stream, { where: { providerId }, order: { id: 'ASC' } });
    return {
      providerId,
      issuer: row.issuer,
      retentionDays: row.event_retention_days,
      defaultSubjects: row.default_subjects,
      streams: streams.flatMap((stream) => {
        const application = byId.get(stream.applicationId);
        if (!application) return [];
        return [
          { stream, application, delivered: new Set(this.streamEvents.of(stream, application).delivered) },
        ];
      }),
    };
  }
}
