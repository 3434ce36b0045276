import { describe, expect, it } from 'vitest';
import { SsfError } from '../errors.js';
import { parseEventCatalogue } from './custom-event-types.js';
import { CAEP } from './event-uris.js';

const uri = 'https://acme.test/events/badge-lost';
const schema = { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] };
const email = { format: 'email', email: 'ana@acme.test' };

describe('event types of a deployment', () => {
  it('are offered and checked as those of the specifications', () => {
    const catalogue = parseEventCatalogue([{ uri, schema, description: 'A badge was lost' }]);

    expect(catalogue.offered()).toEqual(expect.arrayContaining([uri, CAEP.sessionRevoked]));
    expect(catalogue.get(uri)).toMatchObject({ name: 'badge-lost', title: 'A badge was lost' });
    expect(catalogue.validateEvent(uri, { place: 'lobby' }, email)).toEqual([]);
    expect(catalogue.validateEvent(uri, {}, email)).toEqual([
      { member: 'payload.place', message: 'is required' },
    ]);
  });

  it('may be none', () => {
    expect(parseEventCatalogue().offered()).toHaveLength(21);
    expect(parseEventCatalogue([]).offered()).toHaveLength(21);
  });

  it.each<[string, object, string]>([
    ['a URI that is not absolute', { uri: 'badge-lost' }, '[0].uri'],
    ['no URI', { uri: undefined }, '[0].uri'],
    ['a URI of the specifications', { uri: CAEP.sessionRevoked }, '[0].uri'],
    [
      'a URI that looks like one',
      { uri: 'https://schemas.openid.net/secevent/caep/event-type/x' },
      '[0].uri',
    ],
    ['a URI that is too long', { uri: `urn:${'x'.repeat(255)}` }, '[0].uri'],
    ['no schema', { schema: undefined }, '[0].schema'],
    ['a schema that is no object', { schema: true }, '[0].schema'],
    ['a schema of something else', { schema: { type: 'array' } }, '[0].schema'],
    [
      'a schema that does not compile',
      { schema: { type: 'object', properties: { a: { type: 'text' } } } },
      '[0].schema',
    ],
    ['a keyword that is unknown', { schema: { type: 'object', requird: [] } }, '[0].schema'],
    ['another dialect', { schema: { type: 'object', $schema: 'https://acme.test/dialect' } }, '[0].schema'],
    [
      'a reference that leads nowhere',
      { schema: { type: 'object', $ref: 'https://acme.test/x' } },
      '[0].schema',
    ],
    ['a schema that answers later', { schema: { type: 'object', $async: true } }, '[0].schema'],
    ['the name of another one', { name: 'session-revoked' }, '[0].name'],
    ['a name with a space', { name: 'badge lost' }, '[0].name'],
    ['a URI that ends in no name', { uri: 'https://acme.test/?badge=1' }, '[0].name'],
    ['a description that is no text', { description: 7 }, '[0].description'],
    ['an unknown member', { title: 'Badge lost' }, '[0].title'],
  ])('are refused for %s', (_, members, member) => {
    expect(problemsOf([{ uri, schema, ...members }])).toEqual([member]);
  });

  it('are refused when there are two of one URI or name', () => {
    const other = { uri: 'urn:acme:other', schema };

    expect(problemsOf([{ uri, schema }, other, { uri, schema, name: 'else' }])).toEqual(['[2].uri']);
    expect(problemsOf([{ uri, schema }, other, { uri: 'urn:x:badge-lost', schema }])).toEqual(['[2].name']);
  });

  it.each([[{}], [null], ['[]'], [Array.from({ length: 201 }, () => ({}))]])(
    'are an array, not too long: %#',
    (value) => {
      expect(problemsOf(value)).toEqual(['']);
    },
  );

  it('are objects', () => {
    expect(problemsOf([uri, null])).toEqual(['[0]', '[1]']);
  });
});

function problemsOf(value: unknown): string[] {
  try {
    parseEventCatalogue(value);
  } catch (error) {
    if (error instanceof SsfError) return error.problems.map(({ member }) => member);
    throw error;
  }
  return [];
}
