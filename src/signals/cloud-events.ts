import { CloudEvent, type CloudEventV1, ValidationError } from 'cloudevents';
import type { Problem } from '../core/errors.js';
import { isJsonObject, type JsonObject } from '../core/json-object.js';
import { joinPath, type SignalItem } from './signal-item.js';

// CloudEvents 1.0 that are signals: `type` is the signal's type, `id` and `source` together its id, `time` its
// `occurredAt`, and `data` all the rest of it. `subject`, `dataschema` and extensions say nothing about a signal.

/** Types of CloudEvents should begin with a reverse DNS name (section "type"); our bare names will do, too. */
export const CLOUD_EVENT_TYPE_PREFIX = 'io.ssf.signal.';

const REQUIRED = ['id', 'source', 'type', 'specversion'];
/** What the envelope says is not said again: the two might differ. */
const SAID_BY = { id: 'id', type: 'type', occurredAt: 'time' } as const;
const JSON_TYPE = /^[\w.-]+\/([\w.-]+\+)?json\s*(;|$)/i;
const MAX_ID = 255;

/** How the two parts of an event are called in the mode that it came in. */
interface Names {
  attribute(this: void, name: string): string;
  data(this: void, member: string): string;
}

/** Structured mode (HTTP binding, section 3.2); `path` is its place in a batch. */
export function structuredCloudEvent(event: unknown, path = ''): SignalItem {
  return toItem(event, {
    attribute: (name) => joinPath(path, name),
    data: (member) => joinPath(joinPath(path, 'data'), member),
  });
}

/** Batched mode (section 3.3). */
export function batchedCloudEvents(body: unknown): SignalItem[] {
  if (Array.isArray(body)) return body.map((event, index) => structuredCloudEvent(event, `[${index}]`));
  const problems = [{ member: '', message: 'must be an array of CloudEvents' }];
  return [{ value: undefined, pathOf: (member) => member, problems }];
}

/**
 * Binary mode (section 3.1): the attributes are headers of the request, percent-encoded, and the body is `data`. The
 * package's own reader is not used: it makes up an `id` that is missing, and reads a wrong `time` as now.
 */
export function binaryCloudEvent(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  data: unknown,
): SignalItem {
  const attributes = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith('ce-') ? [[name.slice(3), decoded(String(value))] as const] : [],
  );
  const contentType = headers['content-type'];
  return toItem(
    {
      ...Object.fromEntries(attributes),
      ...(contentType !== undefined && { datacontenttype: contentType }),
      data,
    },
    { attribute: (name) => `ce-${name}`, data: (member) => member },
  );
}

/** What is not percent-encoded stays as it is, which is no error. */
function decoded(value: string): string {
  return value.replace(/(%[0-9a-f]{2})+/gi, (bytes) =>
    Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

function toItem(event: unknown, names: Names): SignalItem {
  const pathOf = (member: string): string => {
    const [first = '', ...rest] = member.split('.');
    if (!isSaidByEnvelope(first)) return names.data(member);
    return names.attribute(joinPath(SAID_BY[first], rest.join('.')));
  };
  if (!isJsonObject(event))
    return {
      value: undefined,
      pathOf,
      problems: [{ member: names.attribute(''), message: 'must be a CloudEvent object' }],
    };
  // JSON event format, section 2.2: null is as good as absent
  const present = Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null));
  const problems = [...envelopeProblems(present, names), ...dataProblems(present, names)];
  return { value: problems.length > 0 ? undefined : signalOf(present), pathOf, problems };
}

function isSaidByEnvelope(member: string): member is keyof typeof SAID_BY {
  return Object.hasOwn(SAID_BY, member);
}

function envelopeProblems(event: JsonObject, names: Names): Problem[] {
  const missing = REQUIRED.filter((name) => event[name] === undefined || event[name] === '');
  if (missing.length > 0)
    return missing.map((name) => ({ member: names.attribute(name), message: 'is required' }));
  if (event.specversion !== '1.0')
    return [{ member: names.attribute('specversion'), message: 'must be 1.0' }];
  const problems = schemaProblems(event, names);
  if (problems.length === 0 && `${String(event.source)} ${String(event.id)}`.length > MAX_ID)
    problems.push({
      member: names.attribute('id'),
      message: `must have at most ${MAX_ID - 1} characters together with source`,
    });
  return problems;
}

/** As the schema of the specification says, which the package brings. */
function schemaProblems(event: JsonObject, names: Names): Problem[] {
  const wrong = Object.keys(event).filter((name) => name !== 'data_base64' && !/^[a-z0-9]+$/.test(name));
  if (wrong.length > 0)
    return wrong.map((name) => ({
      member: names.attribute(name),
      message: 'is no name of an attribute: those have lower-case letters and digits alone',
    }));
  try {
    new CloudEvent(attributesOf(event));
    return [];
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return violations(error).map(({ instancePath = '', message = 'is wrong' }) => ({
      member: names.attribute(instancePath.replace(/^\//, '').replaceAll('/', '.')),
      message,
    }));
  }
}

interface Violation {
  readonly instancePath?: string;
  readonly message?: string;
}

function violations({ errors, message }: ValidationError): Violation[] {
  return Array.isArray(errors) && errors.length > 0 ? (errors as Violation[]) : [{ message }];
}

const ATTRIBUTES = [...REQUIRED, 'time', 'subject', 'datacontenttype', 'dataschema'];

/** Without extensions, which may be anything: the name of a method of the class, for one. */
function attributesOf(event: JsonObject): Partial<CloudEventV1<unknown>> {
  return Object.fromEntries(Object.entries(event).filter(([name]) => ATTRIBUTES.includes(name)));
}

function dataProblems(event: JsonObject, names: Names): Problem[] {
  const { data, data_base64: base64, datacontenttype: type } = event;
  if (base64 !== undefined)
    return [{ member: names.attribute('data_base64'), message: 'is not taken: data must be JSON' }];
  if (type !== undefined && !(typeof type === 'string' && JSON_TYPE.test(type)))
    return [{ member: names.attribute('datacontenttype'), message: 'must be application/json' }];
  if (!isJsonObject(data))
    return [
      { member: names.data(''), message: 'must be an object: the signal without what the envelope says' },
    ];
  return Object.entries(SAID_BY).flatMap(([member, attribute]) =>
    data[member] === undefined
      ? []
      : [
          {
            member: names.data(member),
            message: `must not be given: ${attribute} of the CloudEvent says it`,
          },
        ],
  );
}

/** A URI reference has no spaces: the first one ends the source. */
function signalOf({ id, source, type, time, data }: JsonObject): JsonObject {
  const name = String(type);
  return {
    ...(data as JsonObject),
    id: `${String(source)} ${String(id)}`,
    type: name.startsWith(CLOUD_EVENT_TYPE_PREFIX) ? name.slice(CLOUD_EVENT_TYPE_PREFIX.length) : name,
    ...(time !== undefined && { occurredAt: time }),
  };
}
