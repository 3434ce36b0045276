// npm run demo: builds when needed, then tells demo/story.ts.
import { register } from 'tsx/esm/api';
import { BuildError, buildIfStale } from './build-if-stale.mjs';

const startedAt = performance.now();
try {
  await buildIfStale();
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(error.message);
  process.exit(1);
}
register();
const { runDemo } = await import('../demo/run-demo.ts');
await runDemo(startedAt);
