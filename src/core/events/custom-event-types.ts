import { invalidRequest, type Problem } from '../errors.js';
import { isJsonObject } from '../json-object.js';
import { compileSchema } from '../json-schema.js';
import { ABSOLUTE_URI } from '../subjects/identifier-rules.js';
import { isNonEmptyText } from '../text.js';
import { createEventCatalogue, type EventCatalogue } from './event-catalogue.js';
import type { EventDefinition, ObjectSchema } from './event-definition.js';

/** An event type of a deployment's own. */
export interface CustomEventType {
  /** the absolute URI that is its name in a SET; not one below https://schemas.openid.net/secevent/ */
  readonly uri: string;
  /** JSON Schema (2020-12) of the payload, with `"type": "object"` */
  readonly schema: Readonly<Record<string, unknown>>;
  /** short name, unlike that of any other event type. Default: the last part of the URI */
  readonly name?: string;
  /** what it tells, in words */
  readonly description?: string;
}

const MEMBERS = ['uri', 'schema', 'name', 'description'];
const MAX_TYPES = 200;
const MAX_URI = 255;
/** What the OpenID Foundation names is for its specifications to define. */
const RESERVED = 'https://schemas.openid.net/secevent/';
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const NAME_MESSAGE = 'must be 1 to 63 letters, digits, dots, hyphens and underscores';

/**
 * The catalogue of a deployment: the event types of the specifications and its own.
 *
 * @param value an array of {@link CustomEventType} that nobody has looked at
 * @throws SsfError `invalid_request` with every problem of every entry, each named by its path (`[1].schema`)
 */
export function parseEventCatalogue(value: unknown = []): EventCatalogue {
  if (!Array.isArray(value) || value.length > MAX_TYPES)
    throw invalidRequest({ member: '', message: `must be an array of at most ${MAX_TYPES} event types` });
  const problems: Problem[] = [];
  const taken = createEventCatalogue().list().slice();
  const definitions = value.flatMap((entry: unknown, index) => {
    const found = entryProblems(entry);
    const definition = found.length === 0 ? toDefinition(entry as CustomEventType) : undefined;
    if (definition) found.push(...definitionProblems(definition, taken));
    problems.push(...found.map(({ member, message }) => ({ member: path(index, member), message })));
    if (!definition) return [];
    taken.push(definition);
    return [definition];
  });
  if (problems.length > 0) throw invalidRequest(...problems);
  return createEventCatalogue(definitions);
}

function path(index: number, member: string): string {
  return member === '' ? `[${index}]` : `[${index}].${member}`;
}

function entryProblems(entry: unknown): Problem[] {
  if (!isJsonObject(entry)) return [{ member: '', message: 'must be an object with uri and schema' }];
  const { uri, schema, name, description } = entry;
  const checks: readonly (readonly [isRight: boolean, member: string, message: string])[] = [
    ...Object.keys(entry).map((member) => [MEMBERS.includes(member), member, 'is not known'] as const),
    [ABSOLUTE_URI.accepts(uri), 'uri', ABSOLUTE_URI.message],
    [String(uri).length <= MAX_URI, 'uri', `must have at most ${MAX_URI} characters`],
    [
      !String(uri).startsWith(RESERVED),
      'uri',
      `must not begin with ${RESERVED}, which is for specifications`,
    ],
    // RFC 8417 section 2.2: the value of an event is an object
    [
      isJsonObject(schema) && schema.type === 'object',
      'schema',
      'must be a JSON Schema with "type": "object"',
    ],
    [name === undefined || (typeof name === 'string' && NAME.test(name)), 'name', NAME_MESSAGE],
    [description === undefined || isNonEmptyText(description), 'description', 'must be a text'],
  ];
  return checks.flatMap(([isRight, member, message]) => (isRight ? [] : [{ member, message }]));
}

function toDefinition({ uri, schema, name, description }: CustomEventType): EventDefinition {
  const ownName = name ?? uri.replace(/[/:#]+$/, '').replace(/^.*[/:#]/s, '');
  return {
    uri,
    family: 'custom',
    name: ownName,
    title: description ?? ownName,
    specification: 'this deployment',
    schema: schema as ObjectSchema,
    example: {},
  };
}

function definitionProblems(definition: EventDefinition, taken: readonly EventDefinition[]): Problem[] {
  const { uri, name } = definition;
  const namesake = taken.find((other) => other.name === name);
  if (taken.some((other) => other.uri === uri))
    return [{ member: 'uri', message: 'is that of another event type' }];
  if (!NAME.test(name))
    return [{ member: 'name', message: `${NAME_MESSAGE}: the last part of the URI is no name` }];
  if (namesake) return [{ member: 'name', message: `${name} is the name of ${namesake.uri} already` }];
  return schemaProblems(definition);
}

function schemaProblems({ schema }: EventDefinition): Problem[] {
  try {
    compileSchema(schema);
    return [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ member: 'schema', message: `is not a JSON Schema (2020-12): ${reason}` }];
  }
}
