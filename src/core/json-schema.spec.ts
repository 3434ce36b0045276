import { describe, expect, it } from 'vitest';
import { compileSchema, lazySchema } from './json-schema.js';

describe('compileSchema', () => {
  it('names a member by its path, with indices and escaped names', () => {
    const validate = compileSchema({
      type: 'object',
      additionalProperties: { type: 'array', items: { type: 'object', required: ['id'] } },
    });

    expect(validate({ 'a/b~c': [{ id: 1 }, {}] }, 'body')).toEqual([
      { member: 'body.a/b~c[1].id', message: 'is required' },
    ]);
  });

  it('names members without a prefix when there is none', () => {
    const validate = compileSchema({ type: 'object', properties: { a: { type: 'string' } } });

    expect(validate({ a: 1 }, '')).toEqual([{ member: 'a', message: 'must be string' }]);
  });

  it('says one thing about a member, and of many members only the first twenty', () => {
    const validate = compileSchema({ type: 'array', items: { type: 'string', enum: ['a'] } });

    const problems = validate(
      Array.from({ length: 50 }, () => 7),
      'list',
    );

    expect(problems).toHaveLength(20);
    expect(problems[1]).toEqual({ member: 'list[1]', message: 'must be string' });
  });

  it('throws for a schema with a misspelt keyword', () => {
    expect(() => compileSchema({ type: 'object', requird: ['a'] })).toThrow(/requird/);
  });
});

describe('lazySchema', () => {
  it('does not compile before it is used', () => {
    const validate = lazySchema({ type: 'object', requird: ['a'] });

    expect(() => validate({}, '')).toThrow(/requird/);
  });
});
