import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import {
  type FoldRepeats,
  foldingFamily,
  foldingFingerprint,
  isRepeat,
  type LastSignal,
} from '../core/events/fold-repeats.js';
import { subjectHashes } from '../core/subjects/subject-search.js';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { PeriodicTasks } from '../platform/schedule/periodic-tasks.js';
import { type Decision, type FannedSignal, type FanOutPlan, refused } from './fan-out-plan.js';
import { FORGET_LAST_SIGNALS_SQL, LAST_SIGNALS_SQL, REACHED_SQL } from './folding.sql.js';
import type { SignalOutcome } from './signal.js';

const HOUR_MS = 3_600_000;

type Decided = readonly (readonly Decision[])[];

export interface FoldedDecisions {
  readonly decided: Decided;
  /** what the statement of `foldingParts` asks for; undefined: nothing changes */
  readonly parameters: unknown[] | undefined;
}

/** A signal by what folding sees of it. */
interface Said {
  readonly signal: FannedSignal;
  readonly family: string;
  readonly fingerprint: string;
  /** of its identifiers */
  readonly keys: readonly string[];
}

interface LastRow extends LastSignal {
  readonly key: string;
  readonly family: string;
}

/** Streams that have been told, with the event if the mapping says which. */
type Reached = ReadonlySet<string>;

/** Keeps back what a stream was told a moment ago and has not changed since (docs/adr/0020-folding-repeats.md). */
@Injectable()
export class FoldingService implements OnApplicationBootstrap {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly tasks: PeriodicTasks,
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.delivery) return;
    this.tasks.every(HOUR_MS, 'last-signals', async () => {
      await this.unitOfWork.manager.query(FORGET_LAST_SIGNALS_SQL);
    });
  }

  /** Two looks for the whole batch, and none unless the provider folds. The signals count in their order. */
  async apply(
    plan: FanOutPlan,
    signals: readonly FannedSignal[],
    decided: Decided,
  ): Promise<FoldedDecisions> {
    const { folding } = plan;
    if (!folding) return { decided, parameters: undefined };
    const said = signals.slice(0, decided.length).map((signal) => saidBy(signal, folding));
    const known = said.flatMap((each) => each ?? []);
    if (known.length === 0) return { decided, parameters: undefined };
    const lasts = new Map(
      (await this.lastRows(plan.providerId, known)).map((row) => [nameOf(row.family, row.key), row]),
    );
    const reached = await this.reached(known, [...lasts.values()]);
    const ledger = new Ledger(folding, lasts, reached);
    return {
      decided: decided.map((decisions, index) => {
        const each = said[index];
        return each ? ledger.take(each, decisions) : decisions;
      }),
      parameters: ledger.parameters(),
    };
  }

  private lastRows(providerId: string, said: readonly Said[]): Promise<LastRow[]> {
    const keys = [...new Set(said.flatMap((each) => each.keys))];
    return this.unitOfWork.manager.query<LastRow[]>(LAST_SIGNALS_SQL, [providerId, keys]);
  }

  /** Of the signals that some of these may repeat. */
  private async reached(said: readonly Said[], lasts: readonly LastRow[]): Promise<Map<string, Reached>> {
    const fingerprints = new Set(said.map(({ fingerprint }) => fingerprint));
    const ids = lasts
      .filter(({ fingerprint }) => fingerprints.has(fingerprint))
      .map(({ signalId }) => signalId);
    if (ids.length === 0) return new Map();
    const rows = await this.unitOfWork.manager.query<{ signalId: string; outcomes: SignalOutcome[] }[]>(
      REACHED_SQL,
      [[...new Set(ids)]],
    );
    return new Map(rows.map(({ signalId, outcomes }) => [signalId, reachedBy(outcomes)]));
  }
}

/** The last signals, as those of a batch change them one after the other. */
class Ledger {
  private readonly changes = new Map<string, Said & { readonly key: string }>();

  constructor(
    private readonly folding: FoldRepeats,
    private readonly lasts: Map<string, LastSignal>,
    private readonly reached: Map<string, Reached>,
  ) {}

  take(said: Said, decisions: readonly Decision[]): readonly Decision[] {
    const reached = this.reachedBefore(said);
    const folded = decisions.map((decision) =>
      'set' in decision && reached?.has(nameOf(decision.to.stream.id, decision.eventType))
        ? refused(decision, 'folded')
        : decision,
    );
    // a repeat is measured from what was sent, so that a stream hears of it again after the window
    if (!reached || folded.some((decision) => 'set' in decision)) this.note(said, folded);
    return folded;
  }

  /** What FoldingService.apply promises of them. */
  parameters(): unknown[] | undefined {
    const changes = [...this.changes.values()];
    if (changes.length === 0) return undefined;
    return [
      changes.map(({ signal }) => signal.id),
      changes.map(({ key }) => key),
      changes.map(({ family }) => family),
      changes.map(({ fingerprint }) => Buffer.from(fingerprint, 'hex')),
      changes.map(({ signal }) => signal.occurredAt),
    ];
  }

  /** Undefined: it is no repeat. */
  private reachedBefore({ signal, family, fingerprint, keys }: Said): Reached | undefined {
    const { types, windowSeconds } = this.folding;
    if (types && !types.includes(signal.type)) return undefined;
    const lasts = keys.map((key) => this.lasts.get(nameOf(family, key)));
    const last = isRepeat(fingerprint, signal.occurredAt, lasts, windowSeconds);
    return last && this.reached.get(last.signalId);
  }

  private note(said: Said, decisions: readonly Decision[]): void {
    const { signal, family, fingerprint, keys } = said;
    const last = { signalId: signal.id, fingerprint, occurredAt: signal.occurredAt };
    for (const key of keys) {
      this.lasts.set(nameOf(family, key), last);
      this.changes.set(nameOf(family, key), { ...said, key });
    }
    const told = decisions.filter((decision) => 'set' in decision || decision.reason === 'folded');
    this.reached.set(signal.id, new Set(told.map(({ to, eventType }) => nameOf(to.stream.id, eventType))));
  }
}

function saidBy(signal: FannedSignal, { ignoredDetails }: FoldRepeats): Said | undefined {
  const family = foldingFamily(signal);
  const keys = subjectHashes(signal);
  if (family === undefined || keys.length === 0) return undefined;
  return { signal, family, keys, fingerprint: foldingFingerprint(signal, ignoredDetails) };
}

function reachedBy(outcomes: readonly SignalOutcome[]): Reached {
  const told = outcomes.filter((outcome) => 'jti' in outcome || outcome.reason === 'folded');
  return new Set(told.map(({ streamId, eventType }) => nameOf(streamId, eventType)));
}

function nameOf(one: string, other: string | undefined): string {
  return `${one} ${other ?? ''}`;
}
