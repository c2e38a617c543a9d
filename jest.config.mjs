import { findPostgres, remedy } from './test/support/postgres.mjs'

const project = {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      'babel-jest',
      { configFile: false, babelrc: false, presets: [['@babel/preset-typescript', { onlyRemoveTypeImports: true }]] },
    ],
  },
}

// The name of a test file states its stores: `x.test.ts` runs on the memory store, `x.every-store.test.ts` on all
// three. `x.databases.test.ts` runs on SQLite and PostgreSQL, `x.sqlite.test.ts` and `x.postgres.test.ts` on one of
// them.
const named = (...kinds) => kinds.map((kind) => `**/test/**/+([a-z-])${kind}.test.ts`)

const programs = findPostgres()
const hasPostgres = Boolean(process.env.TEST_POSTGRES_URL ?? programs)
const withPgDump = '**/test/commands/backup.postgres.test.ts'
if (!programs) {
  const skipped = hasPostgres
    ? 'The test of pg_dump is skipped. To run it: apt-get install -y postgresql.'
    : `The tests on PostgreSQL are skipped. To run them: ${remedy}.`
  if (process.env.CI) throw new Error(skipped)
  console.error(`\n*** ${skipped} ***\n`)
}

/** @type {import('jest').Config} */
export default {
  projects: [
    { ...project, displayName: 'memory', testMatch: named('', '.every-store') },
    {
      ...project,
      displayName: 'sqlite',
      testMatch: named('.every-store', '.databases', '.sqlite'),
      globals: { SESAME_STORE: 'sqlite' },
    },
    ...(hasPostgres
      ? [
          {
            ...project,
            displayName: 'postgres',
            testMatch: [...named('.every-store', '.databases', '.postgres'), ...(programs ? [] : [`!${withPgDump}`])],
            globals: { SESAME_STORE: 'postgres', POSTGRES_PROGRAMS: programs },
            globalSetup: '<rootDir>/test/support/postgres-setup.mjs',
            globalTeardown: '<rootDir>/test/support/postgres-teardown.mjs',
          },
        ]
      : []),
  ],
  collectCoverageFrom: [
    'src/**/*.ts',
    '!src/contract/generated.ts',
    // test/commands/serve.test.ts and workers.postgres.test.ts run these files in child processes, without coverage.
    '!src/main.ts',
    '!src/commands/{supervisor,workers,worker}.ts',
  ],
  coverageReporters: ['text', 'json-summary'],
  coverageThreshold: { global: { lines: 95, branches: 90 } },
  // By default, jest leaves one core idle.
  maxWorkers: '100%',
  // A complete run of verify takes seconds, and much longer on a busy machine.
  testTimeout: 120_000,
}
