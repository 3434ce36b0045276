import { Injectable } from '@nestjs/common';
import { isOptOutEvent } from '../core/events/opt-out.js';
import { signalEventType } from '../core/events/signal-types.js';
import { subjectIdentifiers } from '../core/subjects/signal-subject.js';
import { identityDigest } from '../core/subjects/subject-lookup.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { type Decision, type FannedSignal, type FanOutPlan, refused } from './fan-out-plan.js';
import { OptOutLedger, type OptOutRow } from './opt-out-ledger.js';
import { OPT_OUTS_SQL } from './opt-outs.sql.js';

export interface OptOutDecisions {
  readonly decided: readonly (readonly Decision[])[];
  /** What the statement of `optOutParts` asks for, for the signals before a position. Undefined: they change nothing. */
  parameters(before: number): unknown[] | undefined;
}

/** The parameters when nothing changes. */
export const NO_OPT_OUTS: readonly unknown[] = [[], [], [], []];

/** Keeps back events about users who have opted out, and knows who has (RISC 1.0 section 2.8). */
@Injectable()
export class OptOutsService {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** One look for the whole batch, and none while nobody has opted out. The signals count in their order. */
  async apply(
    plan: FanOutPlan,
    signals: readonly FannedSignal[],
    decided: readonly (readonly Decision[])[],
  ): Promise<OptOutDecisions> {
    const told = signals.flatMap((signal, position) => {
      const eventType = signalEventType(signal);
      return isOptOutEvent(eventType) ? [{ id: signal.id, position, eventType }] : [];
    });
    if (!plan.hasOptOuts && told.length === 0) return { decided, parameters: () => undefined };
    const keys = signals.map((signal) => keysOf(signal, plan.issuer));
    const ledger = new OptOutLedger(plan.hasOptOuts ? await this.load(plan.providerId, keys.flat()) : []);
    const events = new Map(told.map(({ position, eventType }) => [position, eventType]));
    const narrowed = signals.map((signal, position) => {
      const own = keys[position] ?? [];
      const decisions = decided[position] ?? [];
      const wasOut = decisions.map((decision) => isOut(ledger, own, decision));
      const eventType = events.get(position);
      const towards = eventType === undefined ? undefined : applicationOf(plan, signal);
      if (eventType !== undefined && towards !== undefined) ledger.apply(position, own, eventType, towards);
      // the event that enters the state and the one that leaves it are about the change, and go
      return decisions.map((decision, index): Decision =>
        wasOut[index] && isOut(ledger, own, decision) ? refused(decision, 'user_opted_out') : decision,
      );
    });
    return {
      decided: narrowed,
      parameters: (before) => {
        const ids = told.flatMap(({ id, position }) => (position < before ? [id] : []));
        return ids.length === 0 ? undefined : toParameters(ids, ledger, before);
      },
    };
  }

  private load(providerId: string, keys: readonly string[]): Promise<OptOutRow[]> {
    return this.unitOfWork.manager.query<OptOutRow[]>(OPT_OUTS_SQL, [
      providerId,
      [...new Set(keys)].map(toBytes),
    ]);
  }
}

function isOut(ledger: OptOutLedger, keys: readonly string[], decision: Decision): boolean {
  return 'set' in decision && ledger.stateOf(keys, decision.set.applicationId) === 'opt-out';
}

/** The application that the event is about; null: all. Undefined when there is none of the client id that it names. */
function applicationOf({ clients }: FanOutPlan, { details }: FannedSignal): string | null | undefined {
  return typeof details.clientId === 'string' ? clients.get(details.clientId) : null;
}

/** Digests of all that the signal names its user by, the address that was changed among them. */
function keysOf({ subject, details }: FannedSignal, issuer: string): string[] {
  const identifiers = subjectIdentifiers(subject, issuer, details.oldValue);
  return [...new Set(identifiers.map((identifier) => identityDigest(identifier).toString('hex')))];
}

function toParameters(signalIds: readonly string[], ledger: OptOutLedger, before: number): unknown[] {
  const changes = ledger.changes(before);
  return [
    signalIds,
    changes.map(({ key }) => toBytes(key)),
    changes.map(({ applicationId }) => applicationId),
    changes.map(({ state }) => state),
  ];
}

function toBytes(key: string): Buffer {
  return Buffer.from(key, 'hex');
}
