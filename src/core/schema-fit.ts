import { isJsonObject, type JsonObject } from './json-object.js';

/** Keywords that say nothing about what is valid. */
export const ANNOTATIONS: readonly string[] = [
  '$comment',
  '$id',
  '$schema',
  'default',
  'deprecated',
  'description',
  'examples',
  'title',
];

/** Keywords that mean the same whatever stands beside them. */
const PLAIN = [
  ...['const', 'format', 'pattern', 'propertyNames', 'required', 'uniqueItems', 'multipleOf'],
  ...['maxLength', 'maxItems', 'maxProperties', 'maximum', 'exclusiveMaximum', 'exclusiveMinimum'],
];
/** Keywords of which more is stricter. */
const LOWER_BOUNDS = ['minLength', 'minItems', 'minProperties', 'minimum'];

/**
 * Whether a JSON Schema takes every value that another one takes. It knows the simple keywords, and says no where it
 * cannot tell: a true answer is always right.
 */
export function takesAllOf(schema: unknown, other: unknown): boolean {
  if (schema === true) return true;
  if (!isJsonObject(schema) || !isJsonObject(other)) return false;
  return Object.entries(schema).every(
    ([keyword, value]) => ANNOTATIONS.includes(keyword) || keywordTakes(keyword, value, other),
  );
}

function keywordTakes(keyword: string, value: unknown, other: JsonObject): boolean {
  const others = other[keyword];
  if (keyword === 'type') return typeTakes(value, others);
  if (keyword === 'enum') return isSubset(others, value);
  if (keyword === 'items') return !('prefixItems' in other) && takesAllOf(value, others);
  if (keyword === 'additionalProperties')
    return !('properties' in other || 'patternProperties' in other) && takesAllOf(value, others);
  if (LOWER_BOUNDS.includes(keyword))
    return typeof others === 'number' && typeof value === 'number' && others >= value;
  return PLAIN.includes(keyword) && JSON.stringify(value) === JSON.stringify(others);
}

function typeTakes(types: unknown, others: unknown): boolean {
  const taken: unknown[] = [types].flat();
  const needed: unknown[] = [others].flat();
  return needed.every((type) => taken.includes(type) || (type === 'integer' && taken.includes('number')));
}

function isSubset(values: unknown, of: unknown): boolean {
  return Array.isArray(values) && Array.isArray(of) && values.every((value) => of.includes(value));
}
