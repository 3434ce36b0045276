import fc from 'fast-check';
import { INITIATING_ENTITIES } from '../../src/core/events/event-claims.js';
import type { EventCatalogue } from '../../src/core/events/event-catalogue.js';
import type { JsonSchema } from '../../src/core/events/event-definition.js';
import { SIGNAL_TYPES, type SignalType } from '../../src/core/events/signal-types.js';
import { parseSignals } from '../../src/signals/parse-signal.js';
import type { NewSignal } from '../../src/signals/signal.js';
import { anySubject } from './arbitrary-subjects.js';

export const NOW = new Date('2026-11-21T17:00:00Z');

export const text = fc.constantFrom('x', 'A text', 'ana@acme.test', '+15550100');

export const reason = fc.dictionary(fc.constantFrom('en', 'de', 'es-419'), fc.constantFrom('Text', 'x'), {
  minKeys: 1,
  maxKeys: 2,
});

const user = fc.record(
  { id: text, email: fc.constant('ana@acme.test'), phoneNumber: fc.constant('+15550100') },
  { requiredKeys: ['id'] },
);
const principal = fc.record({ id: text });

/** The `subject` of a signal. */
export const anySignalSubject: fc.Arbitrary<object> = fc.oneof(
  fc.record({ user, session: principal, tenant: principal }, { requiredKeys: ['user'] }),
  fc.record({ device: principal }),
  fc.record({ subId: anySubject }),
);

/** Any signal of a type, as it is taken. */
export function signalOf(
  type: SignalType,
  catalogue: EventCatalogue,
  subject: fc.Arbitrary<object> = anySignalSubject,
): fc.Arbitrary<NewSignal> {
  return fc
    .record(
      {
        provider: fc.constant('acme'),
        type: fc.constant(type),
        occurredAt: fc.constantFrom('1970-01-01T00:00:00Z', '2026-11-21T16:59:50.5Z'),
        subject,
        initiatingEntity: fc.constantFrom(...INITIATING_ENTITIES),
        reasonAdmin: reason,
        reasonUser: reason,
        txn: text,
        details: type === 'event' ? eventDetails(catalogue) : detailsOf(type),
      },
      { requiredKeys: ['provider', 'type', 'subject', 'details'] },
    )
    .map((body) => parseSignals(body, { catalogue, now: NOW }))
    .map(([signal]) => signal as NewSignal);
}

function detailsOf(type: SignalType): fc.Arbitrary<object> {
  const { properties = {}, required = [] } = SIGNAL_TYPES[type].detailsSchema;
  return fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, valueOf(schema)])),
    { requiredKeys: [...required] },
  );
}

/** An event that the catalogue takes, with members that it does not know. */
function eventDetails(catalogue: EventCatalogue): fc.Arbitrary<object> {
  const signalled = catalogue.list().filter(({ family }) => family !== 'ssf');
  const others = fc.dictionary(
    fc.constantFrom('note', 'sub', 'exp', 'event_timestamp', 'reason_user'),
    fc.jsonValue(),
    {
      maxKeys: 2,
    },
  );
  return fc
    .tuple(fc.constantFrom(...signalled), others)
    .map(([{ uri, example }, members]) => ({ eventType: uri, payload: { ...members, ...example } }))
    .filter(({ eventType, payload }) => catalogue.validatePayload(eventType, payload).length === 0);
}

function valueOf({ enum: choices, type }: JsonSchema): fc.Arbitrary<unknown> {
  if (Array.isArray(choices)) return fc.constantFrom(...(choices as unknown[]));
  if (type === 'array') return fc.array(text, { maxLength: 2 });
  if (type === 'object') return fc.dictionary(text, fc.jsonValue(), { minKeys: 1, maxKeys: 2 });
  return text;
}
