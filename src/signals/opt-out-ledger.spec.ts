import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RISC } from '../core/events/event-uris.js';
import { OPT_OUT_STATES, type OptOutState } from '../core/events/opt-out.js';
import { type OptOutChange, OptOutLedger, type OptOutRow } from './opt-out-ledger.js';

const KEYS = ['id', 'email', 'phone'];
const APPLICATIONS = ['mail', 'wiki', 'unheard-of'];
const EVENTS = [RISC.optIn, RISC.optOutInitiated, RISC.optOutCancelled, RISC.optOutEffective];

interface Told {
  readonly keys: readonly string[];
  readonly event: string;
  readonly application: string | null;
}

/** The obvious way: a state for each identifier and application, whoever they are. */
class Model {
  private readonly states = new Map<string, OptOutState>();

  apply({ keys, event, application }: Told): void {
    for (const key of keys)
      for (const towards of application === null ? APPLICATIONS : [application]) {
        const state = this.of(key, towards);
        const isOut = state === 'opt-out';
        if (event === RISC.optIn) this.states.set(`${key} ${towards}`, 'opt-in');
        else if (event === RISC.optOutEffective) this.states.set(`${key} ${towards}`, 'opt-out');
        else if (isOut) continue;
        else if (event === RISC.optOutInitiated) this.states.set(`${key} ${towards}`, 'opt-out-initiated');
        else this.states.set(`${key} ${towards}`, 'opt-in');
      }
  }

  of(key: string, application: string): OptOutState {
    return this.states.get(`${key} ${application}`) ?? 'opt-in';
  }

  ofUser(keys: readonly string[], application: string): OptOutState {
    const own = keys.map((key) => this.of(key, application));
    return [...OPT_OUT_STATES].reverse().find((state) => own.includes(state)) ?? 'opt-in';
  }
}

/** What is kept between batches. */
function stored(rows: readonly OptOutRow[], changes: readonly OptOutChange[]): OptOutRow[] {
  const kept = new Map(rows.map((row) => [`${row.key} ${row.applicationId}`, row]));
  for (const { state, ...row } of changes) {
    if (state === null) kept.delete(`${row.key} ${row.applicationId}`);
    else kept.set(`${row.key} ${row.applicationId}`, { ...row, state });
  }
  return [...kept.values()];
}

const told: fc.Arbitrary<Told> = fc.record({
  keys: fc.subarray(KEYS, { minLength: 1 }),
  event: fc.constantFrom(...EVENTS),
  application: fc.constantFrom(null, 'mail', 'wiki'),
});
const batches = fc.array(fc.record({ signals: fc.array(told, { maxLength: 6 }), taken: fc.nat(6) }), {
  maxLength: 6,
});

describe('the states of users', () => {
  it('are those of the obvious model, also when they are kept between batches and batches are cut short', () => {
    fc.assert(
      fc.property(batches, (all) => {
        const model = new Model();
        let rows: OptOutRow[] = [];
        for (const { signals, taken } of all) {
          const ledger = new OptOutLedger(rows);
          signals.forEach(({ keys, event, application }, position) => {
            ledger.apply(position, keys, event, application);
            if (position < taken) model.apply({ keys, event, application });
          });
          rows = stored(rows, ledger.changes(taken));
          const reread = new OptOutLedger(rows);
          for (const keys of [...KEYS.map((key) => [key]), ['id', 'email'], KEYS])
            for (const application of APPLICATIONS)
              expect(reread.stateOf(keys, application)).toBe(model.ofUser(keys, application));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are the same before they are kept', () => {
    fc.assert(
      fc.property(fc.array(told, { maxLength: 12 }), (signals) => {
        const model = new Model();
        const ledger = new OptOutLedger([]);
        signals.forEach(({ keys, event, application }, position) => {
          ledger.apply(position, keys, event, application);
          model.apply({ keys, event, application });
          for (const towards of APPLICATIONS)
            expect(ledger.stateOf(KEYS, towards)).toBe(model.ofUser(KEYS, towards));
        });
      }),
    );
  });

  it('leave nothing behind when everybody has opted in again', () => {
    fc.assert(
      fc.property(fc.array(told, { maxLength: 12 }), (signals) => {
        const ledger = new OptOutLedger([]);
        signals.forEach(({ keys, event, application }, position) =>
          ledger.apply(position, keys, event, application),
        );
        ledger.apply(signals.length, KEYS, RISC.optIn, null);

        expect(stored([], ledger.changes())).toEqual([]);
      }),
    );
  });
});

describe('RISC 1.0 section 2.8', () => {
  it.each<[OptOutState, string, OptOutState]>([
    ['opt-in', RISC.optOutInitiated, 'opt-out-initiated'],
    ['opt-out-initiated', RISC.optOutCancelled, 'opt-in'],
    ['opt-out-initiated', RISC.optOutEffective, 'opt-out'],
    ['opt-out', RISC.optIn, 'opt-in'],
    // without an arrow there
    ['opt-in', RISC.optOutEffective, 'opt-out'],
    ['opt-out-initiated', RISC.optIn, 'opt-in'],
    ['opt-out', RISC.optOutCancelled, 'opt-out'],
    ['opt-out', RISC.optOutInitiated, 'opt-out'],
    ['opt-out', RISC.accountEnabled, 'opt-out'],
  ])('from %s with %s to %s', (state, event, after) => {
    const ledger = new OptOutLedger(state === 'opt-in' ? [] : [{ key: 'id', applicationId: null, state }]);

    ledger.apply(0, ['id'], event, null);

    expect(ledger.stateOf(['id'], 'mail')).toBe(after);
  });
});
