import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { invalidRequest, SsfError } from '../core/errors.js';
import type { EventCatalogue } from '../core/events/event-catalogue.js';
import type { SetClaims } from '../core/set/set-claims.js';
import { InjectEventCatalogue } from '../platform/catalogue/event-catalogue.token.js';
import { ProvidersService } from '../providers/providers.service.js';
import { batchClock, type Decision } from './fan-out-plan.js';
import { FanOutDeciderService } from './fan-out-decider.service.js';
import { FanOutPlansService } from './fan-out-plans.service.js';
import { parseSignals } from './parse-signal.js';
import type { NoSetReason } from './signal.js';
import { fromRow, toRow } from './signal-row.js';

/** What a stream would get: the claims of its SET, or the reason why there is none. */
export type PreviewedOutcome = {
  readonly streamId: string;
  readonly applicationId: string;
  /** of which event, when the provider's mapping says what the signal becomes */
  readonly eventType?: string;
} & ({ readonly claims: SetClaims } | { readonly reason: NoSetReason });

/** What would become of a signal if it were recorded now, after all that waits. It leaves nothing behind. */
@Injectable()
export class SignalPreviewService {
  constructor(
    private readonly providers: ProvidersService,
    private readonly plans: FanOutPlansService,
    private readonly decider: FanOutDeciderService,
    @InjectEventCatalogue() private readonly catalogue: EventCatalogue,
  ) {}

  /**
   * One signal, as recording takes it. An own `id` that was recorded already makes no difference here.
   *
   * @throws SsfError `invalid_request` as recording does; `unavailable` when the host cannot say who may know
   */
  async preview(body: unknown): Promise<PreviewedOutcome[]> {
    if (Array.isArray(body)) throw invalidRequest({ member: '', message: 'must be one signal, no array' });
    const now = new Date();
    const [signal] = parseSignals(body, { catalogue: this.catalogue, now });
    const provider = signal && (await this.providers.findBySlug(signal.provider));
    const plan = provider && (await this.plans.current(provider.id));
    if (!plan) throw invalidRequest({ member: 'provider', message: 'there is no such provider' });
    const stored = fromRow(toRow(signal, uuidv7()));
    const { decisions, unjudged } = await this.decider.decide(plan, [stored], batchClock(now));
    if (unjudged)
      throw new SsfError('unavailable', 'canReceive of the host did not say who may know of this', {
        cause: unjudged.error,
      });
    return (decisions[0] ?? []).map(toPreview);
  }
}

function toPreview(decision: Decision): PreviewedOutcome {
  const { to, eventType } = decision;
  const about = { streamId: to.stream.id, applicationId: to.application.id, eventType };
  return 'set' in decision
    ? { ...about, claims: JSON.parse(decision.set.claims) as SetClaims }
    : { ...about, reason: decision.reason };
}
