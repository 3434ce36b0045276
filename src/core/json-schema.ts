import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Problem } from './errors.js';

/** What is wrong with a value, each problem with its path below `member`; empty when nothing is. */
export type SchemaValidator = (value: unknown, member: string) => Problem[];

const MAX_PROBLEMS = 20;

const ownSchemas = createAjv();

/**
 * A validator of a foreign JSON Schema (2020-12), in Ajv's strict mode, and in an Ajv of its own: the `$id` of one
 * must not meet that of another.
 *
 * @throws Error when the schema itself is wrong
 */
export function compileSchema(schema: object | boolean): SchemaValidator {
  return compile(schema, createAjv());
}

/** A validator of one of our own schemas, compiled at the first use. */
export function lazySchema(schema: object | boolean): SchemaValidator {
  let validate: SchemaValidator | undefined;
  return (value, member) => {
    validate ??= compile(schema, ownSchemas);
    return validate(value, member);
  };
}

function compile(schema: object | boolean, ajv: Ajv2020): SchemaValidator {
  const validate = ajv.compile(schema);
  // its answer is a promise, which is true whatever the value
  if ('$async' in validate) throw new Error('"$async" is not of JSON Schema');
  return (value, member) => (validate(value) ? [] : toProblems(validate.errors ?? [], member));
}

/** One problem per member: the first of them is the cause of the others. */
function toProblems(errors: readonly ErrorObject[], member: string): Problem[] {
  const byMember = new Map<string, Problem>();
  for (const problem of errors.map((error) => toProblem(error, member))) {
    if (!byMember.has(problem.member)) byMember.set(problem.member, problem);
  }
  return [...byMember.values()].slice(0, MAX_PROBLEMS);
}

function createAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    logger: false,
  });
  addFormats.default(ajv);
  return ajv;
}

function toProblem(error: ErrorObject, member: string): Problem {
  const params = error.params as Readonly<Record<string, unknown>>;
  const path = [member, ...error.instancePath.split('/').slice(1).map(unescapePointer)].reduce(joinPath);
  switch (error.keyword) {
    case 'required':
      return { member: joinPath(path, String(params.missingProperty)), message: 'is required' };
    case 'additionalProperties':
      return { member: joinPath(path, String(params.additionalProperty)), message: 'is not known' };
    case 'propertyNames':
      return {
        member: joinPath(path, String(params.propertyName)),
        message: 'is not a valid member name here',
      };
    case 'enum':
      return { member: path, message: `must be one of ${(params.allowedValues as unknown[]).join(', ')}` };
    default:
      return { member: path, message: error.message ?? 'is not valid' };
  }
}

function joinPath(path: string, name: string): string {
  return /^\d+$/.test(name) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`;
}

// RFC 6901 section 4.
function unescapePointer(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}
