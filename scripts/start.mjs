// npm start: builds when needed, then is the server itself, so that signals reach it.
import { BuildError, buildIfStale } from './build-if-stale.mjs';

try {
  await buildIfStale();
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(error.message);
  process.exit(1);
}
await import('../dist/main.js');
