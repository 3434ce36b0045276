/**
 * Writes the reference pages of docs/ from the code that they describe (npm run docs). With --check it writes
 * nothing, names the pages that are stale, and exits with 1 when there is one (npm run docs:check).
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { configurationPage } from './docs/configuration-page.js';
import { errorsPage } from './docs/errors-page.js';
import { adminApiTypes } from './docs/admin-api-types.js';
import { eventsPage } from './docs/events-page.js';
import { ROOT } from './docs/root.js';
import { signalsPage } from './docs/signals-page.js';

const PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/configuration.md': configurationPage,
  'docs/signals.md': signalsPage,
  'docs/events.md': eventsPage,
  'docs/error-codes.md': errorsPage,
  'test/support/admin-api.ts': adminApiTypes,
};

async function main(isCheck: boolean): Promise<void> {
  for (const [path, render] of Object.entries(PAGES)) {
    const file = join(ROOT, path);
    const page = await format(await render(), { ...(await resolveConfig(file)), filepath: file });
    if (page === (await readIfPresent(file))) continue;
    if (isCheck) {
      process.stderr.write(`${path} is stale: run npm run docs and commit it\n`);
      process.exitCode = 1;
    } else {
      await writeFile(file, page);
      process.stdout.write(`${path} written\n`);
    }
  }
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

await main(process.argv.includes('--check'));
