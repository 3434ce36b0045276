import { invalidRequest, type Problem } from '../errors.js';
import { isJsonObject, type JsonObject } from '../json-object.js';
import { ANNOTATIONS, takesAllOf } from '../schema-fit.js';
import { CAEP_COMMON_CLAIMS, type LanguageMap } from './event-claims.js';
import type { EventCatalogue } from './event-catalogue.js';
import type { EventDefinition } from './event-definition.js';
import { isOptOutEvent } from './opt-out.js';
import {
  DEFAULT_REASONS,
  type MappableSignal,
  type MappedEvent,
  SIGNAL_TYPES,
  type SignalType,
  validateReason,
} from './signal-types.js';

/** One of the events that a signal becomes. */
export interface EventChoice {
  /** the URI of the event type; its short name is taken, too */
  readonly event: string;
  /** the `reason_admin` of a signal without one */
  readonly reasonAdmin?: LanguageMap;
  /** the `reason_user` of a signal without one */
  readonly reasonUser?: LanguageMap;
}

/** The events that signals become where it is not the default one; an empty array: none. */
export type EventMapping = Readonly<Partial<Record<SignalType, readonly EventChoice[]>>>;

/** How an event is made of a signal, worked out once. */
interface Recipe {
  readonly eventType: string;
  /** of those that the signal can fill */
  readonly claims: ReadonlySet<string>;
  readonly reasonAdmin: LanguageMap | undefined;
  readonly reasonUser: LanguageMap | undefined;
}

/** A mapping that is ready for use. */
export type MappingRecipes = ReadonlyMap<SignalType, readonly Recipe[]>;

/** Events that one signal can become. */
export const MAX_EVENTS = 10;

/**
 * The mapping in an input, with event types by their URIs. An event is taken if the signal type always fills what the
 * event's schema requires, so that no signal can become an event that is not valid.
 *
 * @throws SsfError `invalid_request` with every problem, each named by its path
 */
export function parseEventMapping(
  value: unknown,
  catalogue: EventCatalogue,
  member = 'eventMapping',
): EventMapping {
  if (!isJsonObject(value)) throw invalidRequest({ member, message: 'must be an object by signal type' });
  const problems: Problem[] = [];
  const mapping: Partial<Record<SignalType, readonly EventChoice[]>> = {};
  for (const [type, choices] of Object.entries(value)) {
    const at = `${member}.${type}`;
    if (!isMappable(type))
      problems.push({ member: at, message: 'is not a signal type with a default event' });
    else if (!Array.isArray(choices) || choices.length > MAX_EVENTS)
      problems.push({ member: at, message: `must be an array of at most ${MAX_EVENTS} events` });
    else mapping[type] = parseChoices(type, choices, { catalogue, at, problems });
  }
  if (problems.length > 0) throw invalidRequest(...problems);
  return mapping;
}

/**
 * What a mapping that was taken once comes to now. Where the deployment's own event types have changed since, an event
 * may no longer suit: it is told of, and left out.
 */
export function mappingRecipes(
  mapping: EventMapping,
  catalogue: EventCatalogue,
  complain: (problem: Problem) => void,
): MappingRecipes | undefined {
  const types = Object.entries(mapping).filter(([type]) => isMappable(type)) as [SignalType, EventChoice[]][];
  if (types.length === 0) return undefined;
  return new Map(
    types.map(([type, choices]) => [
      type,
      choices.flatMap((choice) => {
        const found = recipeOf(type, choice, catalogue);
        if ('eventType' in found) return [found];
        complain({ member: `eventMapping.${type}`, message: found.problem });
        return [];
      }),
    ]),
  );
}

/** How many events a signal becomes at most. */
export function mostEvents(recipes: MappingRecipes | undefined): number {
  return recipes ? Math.max(1, ...[...recipes.values()].map(({ length }) => length)) : 1;
}

/** The event that a recipe makes of a signal. */
export function followRecipe(recipe: Recipe, signal: MappableSignal): MappedEvent {
  const { defaultInitiatingEntity, defaults, claims } = SIGNAL_TYPES[signal.type];
  const values: Record<string, unknown> = {
    event_timestamp: Math.floor(signal.occurredAt.getTime() / 1000),
    initiating_entity: signal.initiatingEntity ?? defaultInitiatingEntity,
    reason_admin: signal.reasonAdmin ?? recipe.reasonAdmin,
    reason_user: signal.reasonUser ?? recipe.reasonUser,
    ...defaults,
  };
  for (const [detail, claim] of Object.entries(claims))
    if (signal.details?.[detail] !== undefined) values[claim] = signal.details[detail];
  const payload = Object.entries(values).filter(
    ([claim, value]) => value !== undefined && recipe.claims.has(claim),
  );
  return { eventType: recipe.eventType, payload: Object.fromEntries(payload) };
}

/** `event` names its own event type; unknown ones are of another release. */
function isMappable(type: string): type is SignalType {
  return type !== 'event' && Object.hasOwn(SIGNAL_TYPES, type);
}

interface Place {
  readonly catalogue: EventCatalogue;
  readonly at: string;
  readonly problems: Problem[];
}

function parseChoices(
  type: SignalType,
  choices: readonly unknown[],
  { catalogue, at, problems }: Place,
): EventChoice[] {
  const taken = new Set<string>();
  return choices.flatMap((choice, index) => {
    const path = `${at}[${index}]`;
    const found = choiceProblems(choice, path);
    const parsed = found.length === 0 ? resolved(choice as EventChoice, catalogue) : undefined;
    const recipe = parsed && recipeOf(type, parsed, catalogue);
    if (recipe && 'problem' in recipe)
      found.push({ member: `${path}.${recipe.member}`, message: recipe.problem });
    if (parsed && taken.has(parsed.event))
      found.push({ member: `${path}.event`, message: 'stands here twice: a signal becomes one of each' });
    problems.push(...found);
    if (!parsed) return [];
    taken.add(parsed.event);
    return [parsed];
  });
}

function choiceProblems(choice: unknown, path: string): Problem[] {
  if (!isJsonObject(choice) || typeof choice.event !== 'string')
    return [{ member: `${path}.event`, message: 'must be the URI or the name of an event type' }];
  const { reasonAdmin, reasonUser } = choice;
  return [
    ...Object.keys(choice)
      .filter((name) => !['event', 'reasonAdmin', 'reasonUser'].includes(name))
      .map((name) => ({ member: `${path}.${name}`, message: 'is not known' })),
    ...(reasonAdmin === undefined ? [] : validateReason(reasonAdmin, `${path}.reasonAdmin`)),
    ...(reasonUser === undefined ? [] : validateReason(reasonUser, `${path}.reasonUser`)),
  ];
}

function resolved({ event, ...reasons }: EventChoice, catalogue: EventCatalogue): EventChoice {
  const named = catalogue.list().find(({ uri, name }) => uri === event || name === event);
  return { event: named?.uri ?? event, ...reasons };
}

type Misfit = { readonly problem: string; readonly member: 'event' | 'reasonAdmin' | 'reasonUser' };

function recipeOf(type: SignalType, choice: EventChoice, catalogue: EventCatalogue): Recipe | Misfit {
  const event = catalogue.get(choice.event);
  // those about the stream are the transmitter's own, and what is deprecated no stream can have
  if (!event || !catalogue.offered().includes(event.uri))
    return { member: 'event', problem: 'is not an event type that streams can have' };
  const { eventType, defaultReason } = SIGNAL_TYPES[type];
  // RISC 1.0 section 2.8: receivers keep the same state as we do
  if (isOptOutEvent(event.uri) && event.uri !== eventType)
    return { member: 'event', problem: `is about opting out, which ${type} is not` };
  const describes = (claim: string): boolean => event.schema.properties?.[claim] !== undefined;
  for (const [member, claim] of [
    ['reasonAdmin', 'reason_admin'],
    ['reasonUser', 'reason_user'],
  ] as const)
    if (choice[member] !== undefined && !describes(claim))
      return { member, problem: `is of no use: ${event.name} has no ${claim}` };
  const reasonText = defaultReason ?? DEFAULT_REASONS[event.uri];
  const recipe = {
    eventType: event.uri,
    reasonAdmin: choice.reasonAdmin ?? (reasonText === undefined ? undefined : { en: reasonText }),
    reasonUser: choice.reasonUser,
  };
  const sources = claimSources(type, recipe);
  if (event.uri === eventType)
    return { ...recipe, claims: new Set([...ownClaims(type), ...fitting(event, sources)]) };
  return misfitOf(type, event, sources) ?? { ...recipe, claims: new Set(fitting(event, sources)) };
}

/** A claim that signals of a type can fill: what values it may have, and whether it always has one. */
interface ClaimSource {
  readonly schema: JsonObject;
  readonly isAlwaysThere: boolean;
}

function claimSources(
  type: SignalType,
  reasons: Pick<Recipe, 'reasonAdmin' | 'reasonUser'>,
): ReadonlyMap<string, ClaimSource> {
  const { claims, defaults, detailsSchema, defaultInitiatingEntity } = SIGNAL_TYPES[type];
  const { event_timestamp, initiating_entity, reason_admin, reason_user } = CAEP_COMMON_CLAIMS;
  const details = Object.entries(claims).flatMap(([detail, claim]): [string, ClaimSource][] => {
    const schema = detailsSchema.properties?.[detail];
    const isAlwaysThere = claim in defaults || (detailsSchema.required?.includes(detail) ?? false);
    return schema ? [[claim, { schema, isAlwaysThere }]] : [];
  });
  return new Map<string, ClaimSource>([
    // made of a Date, by rounding it down
    ['event_timestamp', { schema: { ...event_timestamp, type: 'integer' }, isAlwaysThere: true }],
    [
      'initiating_entity',
      { schema: initiating_entity, isAlwaysThere: defaultInitiatingEntity !== undefined },
    ],
    ['reason_admin', { schema: reason_admin, isAlwaysThere: reasons.reasonAdmin !== undefined }],
    ['reason_user', { schema: reason_user, isAlwaysThere: reasons.reasonUser !== undefined }],
    ...details,
  ]);
}

/** Claims that the default event has, whether its schema describes them or not. */
function ownClaims(type: SignalType): string[] {
  return Object.values(SIGNAL_TYPES[type].claims);
}

/** Claims that the event describes and takes whatever their value. */
function fitting({ schema }: EventDefinition, sources: ReadonlyMap<string, ClaimSource>): string[] {
  return [...sources].flatMap(([claim, source]) => {
    const described = schema.properties?.[claim];
    return described !== undefined && takesAllOf(described, source.schema) ? [claim] : [];
  });
}

/** Keywords that are not about single claims, and hold when only described ones are there. */
const READABLE = [...ANNOTATIONS, '$defs', 'type', 'properties', 'required', 'additionalProperties'];

function misfitOf(
  type: SignalType,
  event: EventDefinition,
  sources: ReadonlyMap<string, ClaimSource>,
): Misfit | undefined {
  const unread = Object.keys(event.schema).find((keyword) => !READABLE.includes(keyword));
  if (unread !== undefined)
    return {
      member: 'event',
      problem: `${event.name} has "${unread}" in its schema, which cannot be checked beforehand`,
    };
  const filled = fitting(event, sources);
  const missing = (event.schema.required ?? []).filter(
    (claim) => !filled.includes(claim) || !sources.get(claim)?.isAlwaysThere,
  );
  return missing.length === 0
    ? undefined
    : {
        member: 'event',
        problem: `${event.name} needs ${missing.join(', ')}, which ${type} does not always fill`,
      };
}
