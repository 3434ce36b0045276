import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const BUILD = fileURLToPath(new URL('../../scripts/build-if-stale.mjs', import.meta.url));

/** vitest's globalSetup for specs that run `dist/main.js`: it is what the sources of now give. */
export default async function setup(): Promise<void> {
  await promisify(execFile)(process.execPath, [BUILD]);
}
