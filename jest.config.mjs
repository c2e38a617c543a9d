/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      'babel-jest',
      { configFile: false, babelrc: false, presets: [['@babel/preset-typescript', { onlyRemoveTypeImports: true }]] },
    ],
  },
  collectCoverageFrom: ['src/**/*.ts', '!src/contract/generated.ts'],
  coverageReporters: ['text', 'json-summary'],
  coverageThreshold: { global: { lines: 95, branches: 90 } },
  // By default jest leaves one core idle.
  maxWorkers: '100%',
  // A whole run of verify takes seconds, and many times that on a machine that is busy.
  testTimeout: 120_000,
}
