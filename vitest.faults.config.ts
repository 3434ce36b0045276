import { defineConfig } from 'vitest/config';

/** `npm run test:faults`: what takes minutes. Loads stay on this machine and end by themselves. */
export default defineConfig({
  test: {
    name: 'faults',
    setupFiles: ['reflect-metadata'],
    include: ['test/fault/long/*.spec.ts'],
    globalSetup: ['test/support/database-server.ts', 'test/support/fresh-build.ts'],
    provide: { host: 'fastify' },
    // each of them takes what two cores have
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});
