import { defineConfig } from 'vitest/config';

const shared = { setupFiles: ['reflect-metadata'], globals: false };

/** Requests and their answers alone: no listener has part in them. */
const WITHOUT_EVENTS = [
  'admin-bad-input',
  'administrators',
  'receiver-bad-input',
  'audit-log',
  'authentication',
  'authorization',
  'cloud-events',
  'discovery',
  'idempotency-key',
  'import',
  'large-bodies',
  'lists',
  'oauth',
  'openapi',
  'preview',
  'push-targets',
  'retention',
  'sources',
  'stats',
  'subject-limits',
  'trusted-issuers',
].map((name) => `test/e2e/${name}.spec.ts`);

/** The same specs on another host: its own ones are in a folder of its name. */
function e2e(host: 'fastify' | 'express' | 'silent', groupOrder: number) {
  return {
    test: {
      ...shared,
      name: `e2e-${host}`,
      include: ['test/e2e/*.spec.ts', `test/e2e/${host}/*.spec.ts`],
      exclude: host === 'silent' ? WITHOUT_EVENTS : [],
      globalSetup: ['test/support/database-server.ts'],
      provide: { host },
      // the files of a worker share the modules of the host, which take longer to load than most of them to run
      isolate: false,
      testTimeout: 20_000,
      hookTimeout: 30_000,
      sequence: { groupOrder },
    },
  };
}

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['src/**/*.spec.ts', 'test/unit/**/*.spec.ts'],
          // property tests try thousands of cases
          testTimeout: 20_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'fault',
          include: ['test/fault/**/*.spec.ts'],
          // those are for `npm run test:faults`
          exclude: ['test/fault/long/**'],
          globalSetup: ['test/support/database-server.ts', 'test/support/fresh-build.ts'],
          provide: { host: 'fastify' },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      e2e('fastify', 1),
      e2e('express', 2),
      e2e('silent', 3),
    ],
  },
});
