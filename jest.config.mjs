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

// What has to be the same on every store.
const onEveryStore = [
  'accounts/account-holder',
  'accounts/accounts',
  'sessions/*',
  'stores/*',
  'audit',
  'chapter',
  'contract/examples',
].map((name) => `**/test/${name}.test.ts`)

// What is about databases alone.
const onDatabases = ['commands/export', 'commands/import', 'stores/query-plans', 'verify/databases'].map(
  (name) => `**/test/${name}.test.ts`,
)
const betweenDatabases = '**/test/commands/moving.test.ts'

const programs = findPostgres()
const hasPostgres = Boolean(process.env.TEST_POSTGRES_URL ?? programs)
const withPgDump = '**/test/postgres/backup.test.ts'
if (!programs) {
  const skipped = hasPostgres
    ? 'The test of pg_dump is skipped: apt-get install -y postgresql.'
    : `The tests on PostgreSQL are skipped: ${remedy}.`
  if (process.env.CI) throw new Error(skipped)
  console.error(`\n*** ${skipped} ***\n`)
}

/** @type {import('jest').Config} */
export default {
  projects: [
    {
      ...project,
      displayName: 'memory',
      testMatch: [
        '**/test/**/*.test.ts',
        '!**/test/sqlite/**',
        '!**/test/postgres/**',
        ...[...onDatabases, betweenDatabases].map((path) => `!${path}`),
      ],
    },
    {
      ...project,
      displayName: 'sqlite',
      testMatch: [...onEveryStore, ...onDatabases, '**/test/sqlite/*.test.ts'],
      globals: { SESAME_STORE: 'sqlite' },
    },
    ...(hasPostgres
      ? [
          {
            ...project,
            displayName: 'postgres',
            testMatch: [
              ...onEveryStore,
              ...onDatabases,
              betweenDatabases,
              '**/test/postgres/*.test.ts',
              ...(programs ? [] : [`!${withPgDump}`]),
            ],
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
    // Not within a process of jest, but in those of `sesame serve` alone, which test/commands/serve.test.ts and
    // test/postgres/workers.test.ts start.
    '!src/main.ts',
    '!src/commands/{supervisor,workers,worker}.ts',
  ],
  coverageReporters: ['text', 'json-summary'],
  coverageThreshold: { global: { lines: 95, branches: 90 } },
  // By default jest leaves one core idle.
  maxWorkers: '100%',
  // A whole run of verify takes seconds, and many times that on a machine that is busy.
  testTimeout: 120_000,
}
