import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { takesAllOf } from './schema-fit.js';

const text = { type: 'string', minLength: 1, description: 'A text' };

describe('takesAllOf', () => {
  it.each<[string, unknown, unknown, boolean]>([
    ['itself', text, text, true],
    ['what is stricter', { type: 'string' }, text, true],
    ['not what is looser', { ...text, minLength: 2 }, text, false],
    ['anything', {}, text, true],
    ['anything, said shorter', true, text, true],
    ['nothing', false, text, false],
    ['another type', { type: 'number' }, text, false],
    ['integers among numbers', { type: 'number' }, { type: 'integer' }, true],
    ['no numbers among integers', { type: 'integer' }, { type: 'number' }, false],
    ['one of several types', { type: ['string', 'null'] }, text, true],
    ['fewer choices', { enum: ['a', 'b'] }, { enum: ['a'] }, true],
    ['not more choices', { enum: ['a'] }, { enum: ['a', 'b'] }, false],
    ['not any text for a choice', { enum: ['a'] }, text, false],
    ['items that are stricter', { type: 'array', items: {} }, { type: 'array', items: text }, true],
    ['not any items', { type: 'array', items: text }, { type: 'array' }, false],
    ['not what it cannot read', { ...text, not: {} }, { ...text, not: {} }, false],
    ['not a shorter text', { ...text, maxLength: 5 }, text, false],
  ])('says of %s', (_, schema, other, answer) => {
    expect(takesAllOf(schema, other)).toBe(answer);
  });

  const scalar = fc.oneof(
    fc.record(
      {
        type: fc.constant('string'),
        minLength: fc.integer({ min: 0, max: 2 }),
        maxLength: fc.integer({ min: 1, max: 2 }),
        enum: fc.uniqueArray(fc.constantFrom('', 'a', 'ab', 'abc'), { minLength: 1 }),
        pattern: fc.constantFrom('^a', 'b$'),
      },
      { requiredKeys: ['type'] },
    ),
    fc.record(
      {
        type: fc.constantFrom('number', 'integer'),
        minimum: fc.integer({ min: -1, max: 1 }),
        maximum: fc.integer({ min: 0, max: 1 }),
      },
      { requiredKeys: ['type'] },
    ),
  );
  const schema = fc.oneof(
    scalar,
    fc.record(
      { type: fc.constant('array'), items: scalar, minItems: fc.constantFrom(0, 1) },
      { requiredKeys: ['type'] },
    ),
    fc.record(
      {
        type: fc.constant('object'),
        additionalProperties: scalar,
        properties: fc.record({ a: scalar }),
        required: fc.constant(['a']),
      },
      { requiredKeys: ['type'] },
    ),
  );
  const leaf = fc.constantFrom('', 'a', 'ab', 'abc', -1, 0, 0.5, 1);
  const value = fc.oneof(
    leaf,
    fc.array(leaf, { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b'), leaf),
  );

  it('never says yes of a schema that takes a value which this one does not', () => {
    const ajv = new Ajv2020({ strictTypes: false });
    const sample = { seed: 7, numRuns: 80 };
    const values = fc.sample(value, { ...sample, numRuns: 200 });
    const schemas = fc.sample(schema, sample).map((each) => {
      const validate = ajv.compile(each);
      return { each, takes: values.map((one) => validate(one)) };
    });
    let agreed = 0;
    for (const { each, takes } of schemas)
      for (const other of schemas) {
        if (each === other.each || !takesAllOf(each, other.each)) continue;
        agreed += 1;
        if (takes.some((isTaken, index) => other.takes[index] && !isTaken))
          expect.fail(JSON.stringify([each, other.each]));
      }
    expect(agreed).toBeGreaterThan(100);
  });
});
