import fc from 'fast-check';
import type { ApiDescription, Operation } from './api-description.js';

/** What a client that means no good, or has a bug, sends to one operation. */
export interface FuzzedRequest {
  readonly operationId: string;
  readonly method: string;
  /** with its query */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** What parsers, databases and logs stumble over. */
const NASTY = [
  '',
  ' ',
  '\0',
  '\uD800',
  '../../etc/passwd',
  "'; drop table ssf.stream; --",
  '{{7*7}}',
  '<script>alert(1)</script>',
  'a\r\nSet-Cookie: b=c',
  '\u202Eright to left',
  '%00',
  '1e400',
  '-0',
  '9223372036854775808',
  '2026-02-30T25:61:61Z',
  'http://169.254.169.254/latest/meta-data',
  '__proto__',
  'x'.repeat(70_000),
];
const LARGE = 5 * 1024 * 1024;

const nastyText = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary', maxLength: 40 }));
const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  nastyText,
  fc.constantFrom<unknown>(null, true, -1, 0, 2 ** 53, 1e308, [], {}, [[]], { __proto__: { admin: true } }),
  fc.array(fc.constant({}), { minLength: 1_001, maxLength: 1_001 }),
);
const ownHeaders = fc.record(
  {
    'idempotency-key': fc.constantFrom('a', '', 'ü'.repeat(300), 'x'.repeat(256), 'same', '"'),
    'if-match': fc.constantFrom('*', '"1"', 'W/"1"', '""', 'no tag', ','.repeat(500)),
    'if-none-match': fc.constantFrom('*', '"1", W/"2"', '"'),
    'x-request-id': fc.constantFrom('mine', 'x'.repeat(5_000), '{}'),
    'accept-language': fc.constantFrom('*', 'de;q=zzz'),
    'x-forwarded-host': fc.constant('evil.example'),
  },
  { requiredKeys: [] },
);

/** The same requests for the same seed: some of what each operation takes, with one thing or everything wrong. */
export function fuzzedRequests(
  description: ApiDescription,
  identifiers: Readonly<Record<string, string>>,
  { perOperation, seed }: { readonly perOperation: number; readonly seed: number },
): FuzzedRequest[] {
  return description.operations.flatMap((operation, index) =>
    fc.sample(requestTo(description, operation, identifiers), {
      numRuns: perOperation,
      seed: seed + index,
    }),
  );
}

function requestTo(
  { document }: ApiDescription,
  operation: Operation,
  identifiers: Readonly<Record<string, string>>,
): fc.Arbitrary<FuzzedRequest> {
  const { operationId, method, path, parameters = [], requestBody } = operation;
  const schemas = document.components.schemas as Readonly<Record<string, Schema>>;
  const queryNames = parameters.filter((each) => each.in === 'query').map(({ name }) => name);
  const query = fc.dictionary(
    queryNames.length === 0 ? fc.constant('x') : fc.constantFrom(...queryNames, 'x', '__proto__'),
    fc.oneof(nastyText, fc.constantFrom(...Object.values(identifiers), '1', '251', 'true', 'pending')),
    { maxKeys: 4 },
  );
  const [type = 'application/json', content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const schema = (content?.schema ?? {}) as Schema;
  const examples = Object.values(content?.examples ?? {}).map(({ value }) => value);
  const bases = [...examples, sampleOf(schema, schemas, 'all'), sampleOf(schema, schemas, 'required')];
  const example = fc.constantFrom(...bases.map((each) => withIdentifiers(each, identifiers)));
  const body: fc.Arbitrary<string | undefined> =
    method === 'GET'
      ? fc.constant(undefined)
      : fc.oneof(
          { weight: 8, arbitrary: example.chain(spoiltFrom).map((value) => JSON.stringify(value)) },
          { weight: 2, arbitrary: nastyValue.map((value) => JSON.stringify(value) ?? '') },
          fc.constantFrom('', '{', '[[[['.repeat(5_000), '"\\ud800"', '{"a":1}{"a":2}', undefined),
          fc.constant(`"${'x'.repeat(LARGE)}"`),
        );
  const types = fc.oneof(
    { weight: 6, arbitrary: fc.constant(type) },
    fc.constantFrom('application/json', 'text/plain', 'application/x-ndjson', 'multipart/form-data', 'a', ''),
  );
  const target = pathFrom(path, identifiers, method === 'DELETE' ? 1 : 6);
  return fc
    .record({ target, query, body, type: types, headers: ownHeaders })
    .map(({ target: to, query: asked, body: sent, type: sentAs, headers }) => ({
      operationId,
      method,
      path: `${to}${queryOf(asked)}`,
      headers: {
        ...onlyLatin(headers),
        ...(sent !== undefined && sentAs !== '' && { 'content-type': sentAs }),
      },
      body: sent,
    }));
}

/** Identifiers that there are, so much more often than others. */
function pathFrom(
  path: string,
  identifiers: Readonly<Record<string, string>>,
  weight: number,
): fc.Arbitrary<string> {
  const names = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name);
  const collection = path.split('/').find((part) => part in identifiers) ?? '';
  const values = names.map((name) => {
    const known = identifiers[`${collection}.${name}`] ?? identifiers[name] ?? identifiers[collection];
    const unknown = fc.oneof(
      fc.uuid(),
      nastyText.filter((text) => text !== '' && text.length < 2_000),
    );
    return known === undefined ? unknown : fc.oneof({ weight, arbitrary: fc.constant(known) }, unknown);
  });
  return fc
    .tuple(...values)
    .map((chosen) =>
      names.reduce((text, name, index) => text.replace(`{${name}}`, encoded(chosen[index] ?? '')), path),
    );
}

/** An example with one thing in it that is something else, is missing, or is too much. */
function spoiltFrom(example: unknown): fc.Arbitrary<unknown> {
  const places = placesIn(example);
  return fc
    .tuple(fc.constantFrom(...places), nastyValue, fc.constantFrom('replace', 'remove', 'add', 'keep'))
    .map(([place, value, how]) => {
      const copy = structuredClone({ root: example }) as Record<string, unknown>;
      const name = place.at(-1) ?? 'root';
      const holder = place
        .slice(0, -1)
        .reduce<unknown>((each, part) => (each as Record<string, unknown>)[part], copy) as Record<
        string,
        unknown
      >;
      if (how === 'replace') holder[name] = value;
      if (how === 'remove') Reflect.deleteProperty(holder, name);
      if (how === 'add') holder.unknownMember = value;
      return copy.root;
    });
}

/** The way to each member of a value. */
function placesIn(value: unknown, way: readonly string[] = ['root']): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [way];
  return [way, ...Object.entries(value).flatMap(([name, each]) => placesIn(each, [...way, name]))];
}

/** The same about what there is. */
function withIdentifiers(value: unknown, identifiers: Readonly<Record<string, string>>, name = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => withIdentifiers(each, identifiers, name));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([member, each]) => [member, withIdentifiers(each, identifiers, member)]),
    );
  return identifiers[name] ?? value;
}

/** Something that is about as a schema says, with the members that it must or may have. */
function sampleOf(
  schema: Schema,
  schemas: Readonly<Record<string, Schema>>,
  members: 'all' | 'required',
  depth = 0,
): unknown {
  const part = (each: Schema): unknown => sampleOf(each, schemas, members, depth + 1);
  if (schema.$ref !== undefined) return part(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  const shown = schema.const ?? schema.example ?? schema.examples?.[0] ?? schema.enum?.[0] ?? schema.default;
  if (shown !== undefined) return shown;
  const parts = schema.allOf ?? schema.anyOf?.slice(0, 1) ?? schema.oneOf?.slice(0, 1);
  if (parts) {
    const samples = parts.map(part);
    return samples.length === 1 ? samples[0] : Object.assign({}, ...samples);
  }
  const { properties = {}, required = [] } = schema;
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(properties)
          .filter(([name]) => depth <= 5 && (members === 'all' || required.includes(name)))
          .map(([name, each]) => [name, part(each)]),
      );
    case 'array':
      return schema.items ? [part(schema.items)] : [];
    case 'integer':
    case 'number':
      return 1;
    case 'boolean':
      return true;
    case undefined:
    default:
      return 'text';
  }
}

function queryOf(query: Readonly<Record<string, string>>): string {
  const parts = Object.entries(query).map(
    ([name, value]) => `${encoded(name)}=${encoded(value.slice(0, 4_000))}`,
  );
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** As it stands where it has no form in a URL. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()) || '%20';
}

/** fetch would refuse to send anything else. */
function onlyLatin(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([, value]) => /^[\x20-\x7e\x80-\xff]*$/.test(value)),
  );
}
