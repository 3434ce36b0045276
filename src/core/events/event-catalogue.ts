import { invalidRequest, type Problem } from '../errors.js';
import { compileSchema, lazySchema, type SchemaValidator } from '../json-schema.js';
import type { SubjectIdentifier } from '../subjects/subject-identifier.js';
import { subjectProblems } from '../subjects/subject-problems.js';
import { CAEP_EVENTS } from './caep-events.js';
import type { EventDefinition } from './event-definition.js';
import { RISC_EVENTS } from './risc-events.js';
import { SSF_EVENTS } from './ssf-events.js';

/** `spec`: SSF, CAEP and RISC alone; `iop`: the CAEP Interoperability Profile as well. */
export type ConformanceLevel = 'spec' | 'iop';

/** The event types that a transmitter knows. */
export interface EventCatalogue {
  get(uri: string): EventDefinition | undefined;
  list(): readonly EventDefinition[];
  /** the URIs of the event types that a stream may ask for: neither `ssf`, which every stream gets, nor deprecated */
  offered(): string[];
  /** what is wrong with a payload; `member` is the path that problems name, default `payload` */
  validatePayload(uri: string, payload: unknown, member?: string): Problem[];
  /** what is wrong with a payload and the `sub_id` that it goes out with */
  validateEvent(uri: string, payload: unknown, subId: unknown, level?: ConformanceLevel): Problem[];
}

interface Entry {
  readonly definition: EventDefinition;
  readonly validatePayload: SchemaValidator;
  readonly validateInterop: SchemaValidator;
}

const BUILT_IN: readonly Entry[] = [...CAEP_EVENTS, ...RISC_EVENTS, ...SSF_EVENTS].map((definition) => ({
  definition,
  validatePayload: lazySchema(definition.schema),
  validateInterop: lazySchema(definition.interopSchema ?? true),
}));

/**
 * The event types of CAEP 1.0, RISC 1.0 and SSF 1.0, and those of the caller.
 *
 * @param custom event types of the caller; their schemas are compiled at once
 * @throws SsfError `invalid_request` when one has the URI of another, or a schema that does not compile
 */
export function createEventCatalogue(custom: readonly EventDefinition[] = []): EventCatalogue {
  const entries = new Map(BUILT_IN.map((entry) => [entry.definition.uri, entry]));
  for (const definition of custom) {
    if (entries.has(definition.uri)) {
      throw invalidRequest({ member: 'uri', message: `the event type ${definition.uri} exists already` });
    }
    entries.set(definition.uri, customEntry(definition));
  }

  const validatePayload = (uri: string, payload: unknown, member = 'payload'): Problem[] =>
    entries.get(uri)?.validatePayload(payload, member) ?? [unknownType(uri)];

  return {
    get: (uri) => entries.get(uri)?.definition,
    list: () => [...entries.values()].map(({ definition }) => definition),
    offered: () =>
      [...entries.values()]
        .filter(({ definition }) => definition.family !== 'ssf' && !definition.deprecated)
        .map(({ definition }) => definition.uri),
    validatePayload,
    validateEvent: (uri, payload, subId, level = 'spec') => {
      const entry = entries.get(uri);
      if (!entry) return [unknownType(uri)];
      return [
        ...entry.validatePayload(payload, 'payload'),
        ...(level === 'iop' ? entry.validateInterop(payload, 'payload') : []),
        ...validateSubId(entry.definition, subId),
      ];
    },
  };
}

// SSF 1.0 section 3.1: the subject is always the `sub_id`; a `subject` in the payload does not replace it.
function validateSubId({ name, subjectFormats }: EventDefinition, subId: unknown): readonly Problem[] {
  const problems = subjectProblems(subId, 'sub_id');
  if (problems.length > 0 || !subjectFormats) return problems;
  const { format } = subId as SubjectIdentifier;
  if (subjectFormats.includes(format)) return [];
  return [{ member: 'sub_id.format', message: `must be ${subjectFormats.join(' or ')} for ${name}` }];
}

function customEntry(definition: EventDefinition): Entry {
  try {
    return {
      definition,
      validatePayload: compileSchema(definition.schema),
      validateInterop: compileSchema(definition.interopSchema ?? true),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalidRequest({ member: 'schema', message: `is not a JSON Schema (2020-12): ${reason}` });
  }
}

function unknownType(uri: string): Problem {
  return { member: 'eventType', message: `${uri} is not a known event type` };
}
