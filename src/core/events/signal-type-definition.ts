import type { InitiatingEntity } from './event-claims.js';
import type { EventDefinition, JsonSchema, ObjectSchema } from './event-definition.js';

/** One type of signal: the details that it takes, and the event that it becomes. */
export interface SignalTypeDefinition {
  readonly title: string;
  readonly description: string;
  /** the event type that it becomes; absent for `event`, which names its own */
  readonly eventType?: string;
  /** the JSON Schema (2020-12) of the signal's `details` */
  readonly detailsSchema: ObjectSchema;
  /** detail -> claim of the event; a detail that is not here stays with the signal */
  readonly claims: Readonly<Record<string, string>>;
  /** claims that have a value although the details have none */
  readonly defaults: Readonly<Record<string, unknown>>;
  readonly defaultInitiatingEntity?: InitiatingEntity;
  /** the English `reason_admin` of a signal without one */
  readonly defaultReason?: string;
}

interface SignalTypeSource extends Partial<Omit<SignalTypeDefinition, 'eventType' | 'detailsSchema'>> {
  readonly title: string;
  readonly description: string;
  /** details that the event's own schema does not describe */
  readonly otherDetails?: Readonly<Record<string, JsonSchema>>;
}

/** The signal type that becomes an event: its details are described, and required, as the event's claims are. */
export function signalType(event: EventDefinition, source: SignalTypeSource): SignalTypeDefinition {
  const { otherDetails = {}, claims = {}, defaults = {}, ...rest } = source;
  const described = Object.entries(claims).flatMap(([detail, claim]) => {
    const schema = event.schema.properties?.[claim];
    return schema ? [[detail, schema] as const] : [];
  });
  const required = Object.entries(claims).flatMap(([detail, claim]) =>
    event.schema.required?.includes(claim) && !(claim in defaults) ? [detail] : [],
  );
  return {
    ...rest,
    eventType: event.uri,
    claims,
    defaults,
    detailsSchema: {
      type: 'object',
      properties: { ...Object.fromEntries(described), ...otherDetails },
      required,
      additionalProperties: false,
    },
  };
}
