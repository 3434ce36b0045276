import { nextOptOutState, type OptOutState, stricterState } from '../core/events/opt-out.js';

/** A state that is kept: of one identifier of a user, towards an application, or towards all that have none of their own. */
export interface OptOutRow {
  /** digest of the identifier, hexadecimal */
  readonly key: string;
  /** null: every application */
  readonly applicationId: string | null;
  readonly state: OptOutState;
}

/** What is to be kept instead; null: nothing. */
export interface OptOutChange extends Omit<OptOutRow, 'state'> {
  readonly state: OptOutState | null;
}

type States = Map<string | null, OptOutState>;

/**
 * Who has opted out towards whom, as signals change it one after the other (RISC 1.0 section 2.8). Each identifier of a
 * user is a state machine of its own, and a user has the strictest state of the identifiers that are named: whoever
 * opted out by e-mail address and is told of by an id as well stays out.
 *
 * What is as it would be without it is not kept: a state towards all that is opt-in, or one towards an application that
 * is the same as towards all.
 */
export class OptOutLedger {
  private readonly byKey = new Map<string, States>();
  private readonly log: (OptOutChange & { readonly position: number })[] = [];

  constructor(rows: readonly OptOutRow[]) {
    for (const { key, applicationId, state } of rows) this.statesOf(key).set(applicationId, state);
  }

  stateOf(keys: readonly string[], applicationId: string): OptOutState {
    return keys
      .map((key) => {
        const states = this.byKey.get(key);
        return states?.get(applicationId) ?? states?.get(null) ?? 'opt-in';
      })
      .reduce(stricterState, 'opt-in');
  }

  /** Takes an event about the user, towards one application or, with null, all. `position` is that of its signal. */
  apply(position: number, keys: readonly string[], eventType: string, applicationId: string | null): void {
    for (const key of keys) {
      const before = this.statesOf(key);
      const after = next(before, eventType, applicationId);
      this.byKey.set(key, after);
      for (const scope of new Set([...before.keys(), ...after.keys()])) {
        const state = after.get(scope) ?? null;
        if (before.get(scope) !== (state ?? undefined))
          this.log.push({ position, key, applicationId: scope, state });
      }
    }
  }

  /** What the events of the signals before a position changed, once for each row. */
  changes(before = Infinity): OptOutChange[] {
    const last = new Map<string, OptOutChange>();
    for (const { position, ...change } of this.log)
      if (position < before) last.set(`${change.key} ${change.applicationId}`, change);
    return [...last.values()];
  }

  private statesOf(key: string): States {
    const known = this.byKey.get(key);
    if (known) return known;
    const states: States = new Map();
    this.byKey.set(key, states);
    return states;
  }
}

function next(before: States, eventType: string, applicationId: string | null): States {
  const toAll = before.get(null) ?? 'opt-in';
  const after: States = new Map(before);
  if (applicationId !== null)
    after.set(applicationId, nextOptOutState(before.get(applicationId) ?? toAll, eventType));
  else {
    after.set(null, toAll);
    for (const [scope, state] of after) after.set(scope, nextOptOutState(state, eventType));
  }
  const nowToAll = after.get(null) ?? 'opt-in';
  for (const [scope, state] of after)
    if (state === (scope === null ? 'opt-in' : nowToAll)) after.delete(scope);
  return after;
}
