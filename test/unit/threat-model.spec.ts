import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = read('docs/security.md');
/** `file`: title, as the last column of the tables has them, several parted by semicolons. */
const REFERENCES = [...page.matchAll(/`((?:src|test)\/[\w./-]+\.spec\.ts)`: ([^;|]+)/g)].map(
  ([, file = '', title = '']) => ({ file, title: title.trim() }),
);

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

describe('the threat model', () => {
  it('names a test for each attack', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| ') && line.split('|').length === 5);
    const attacks = rows.filter((line) => !/^\| (attack|what fails|-+) /.test(line));
    expect(attacks.length).toBeGreaterThan(30);
    expect(attacks.filter((line) => !/`(?:src|test)\/[\w./-]+\.spec\.ts`: \S/.test(line))).toEqual([]);
  });

  it.each(REFERENCES)('names a test that there is: $file $title', ({ file, title }) => {
    expect(read(file).replaceAll("\\'", "'")).toContain(title);
  });
});
