/**
 * The layers (docs/adr/0004-layers.md): imports point down only.
 *
 *   L6  http/receiver   http/admin   http/oauth   <- main.ts, server, ssf.module.ts
 *   L5  signals   delivery   retention        (siblings do not import each other)
 *   L4  streams
 *   L3  applications   signing-keys   queue   administrators   (siblings do not import each other)
 *   L2  providers                             (on audit, which all that change something write)
 *   L1  platform
 *   L0  core
 */
const layers = [
  ['core'],
  ['platform'],
  ['audit'],
  ['providers'],
  ['applications', 'signing-keys', 'queue', 'administrators'],
  ['streams'],
  ['signals', 'delivery', 'retention'],
  ['http/receiver', 'http/admin', 'http/oauth'],
];
const spec = '\\.spec\\.ts$';
const path = (names) => `^src/(${names.join('|')})/`;

const downOnly = layers.flatMap((names, level) => {
  const above = layers.slice(level + 1).flat();
  const rules = [];
  if (above.length > 0) {
    rules.push({
      name: `down-only-from-${names.join('-').replaceAll('/', '-')}`,
      severity: 'error',
      comment: 'Imports point down (docs/adr/0004-layers.md).',
      from: { path: path(names), pathNot: spec },
      to: { path: [path(above), '^src/http/', '^src/[^/]+\\.ts$'] },
    });
  }
  for (const name of names) {
    const siblings = names.filter((other) => other !== name);
    if (siblings.length > 0)
      rules.push({
        name: `no-sibling-from-${name.replaceAll('/', '-')}`,
        severity: 'error',
        comment: 'Siblings of one layer do not import each other.',
        from: { path: path([name]), pathNot: spec },
        to: { path: path(siblings) },
      });
  }
  return rules;
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-barrels',
      severity: 'error',
      comment: 'src/index.ts is the only barrel; import the concrete file.',
      from: { path: '^src/' },
      to: { path: '^src/.*index\\.ts$' },
    },
    {
      name: 'core-is-pure',
      severity: 'error',
      comment: 'core/ knows no Nest, no TypeORM, no I/O, no clock and no random.',
      from: { path: '^src/core/', pathNot: spec },
      to: {
        path: '^(@nestjs|typeorm|pg|undici|pino|uuid|class-validator|class-transformer|rxjs|eventemitter2|node:(?!crypto$)|fs|net|http|https|os|child_process|dns)',
      },
    },
    {
      name: 'core-is-pure-modules',
      severity: 'error',
      from: { path: '^src/core/', pathNot: spec },
      to: {
        path: 'node_modules/(@nestjs|typeorm|pg|undici|pino|uuid|class-validator|class-transformer|rxjs|eventemitter2)/',
      },
    },
    {
      name: 'emitter-only-in-platform',
      severity: 'error',
      comment: 'EventEmitter2 is imported only where the typed bus stands.',
      from: { path: '^src/', pathNot: ['^src/platform/events/', spec] },
      to: { path: 'node_modules/(eventemitter2|@nestjs/event-emitter)/', pathNot: [] },
    },
    {
      name: 'src-does-not-import-test',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|demo|bench)/' },
    },
    {
      name: 'no-dev-dependencies-in-src',
      severity: 'error',
      from: { path: '^src/', pathNot: [spec, '\\.fixture\\.ts$'] },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
    ...downOnly,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
