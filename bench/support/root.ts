import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export const MAIN = join(ROOT, 'dist', 'main.js');

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: { start: string };
};
/** Options of Node that `npm start` gives the server. */
export const NODE_ARGUMENTS: readonly string[] = scripts.start.match(/--\S+/g) ?? [];
