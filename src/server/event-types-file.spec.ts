import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEventTypes } from './event-types-file.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ssf-event-types-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function file(text: string): Promise<string> {
  const name = join(folder, 'event-types.json');
  await writeFile(name, text);
  return name;
}

describe('a file of event types', () => {
  it('is an array of them', async () => {
    const eventTypes = [{ uri: 'urn:acme:badge-lost', schema: { type: 'object' } }];

    expect(readEventTypes(await file(JSON.stringify(eventTypes)))).toEqual(eventTypes);
  });

  it.each([
    ['{', 'SSF_EVENT_TYPES_FILE names a file that is not JSON'],
    ['{}', 'SSF_EVENT_TYPES_FILE must be an array of at most 200 event types'],
    [
      '[{"uri":"urn:acme:a","schema":{"type":"object"}},{"uri":"urn:acme:b","schema":{"type":"array"}}]',
      'SSF_EVENT_TYPES_FILE [1].schema: must be a JSON Schema with "type": "object"',
    ],
  ])('that reads %s is refused by the name of the setting and the entry', async (text, message) => {
    const name = await file(text);

    expect(() => readEventTypes(name)).toThrow(message);
  });

  it('must be there', () => {
    expect(() => readEventTypes('/nowhere/types.json')).toThrow('SSF_EVENT_TYPES_FILE names a file');
  });
});
