// Runs the tests. It builds first, because some tests start dist/main.js. After all other tests, a last one checks that
// every declared response occurred. `browser` runs only the tests that need Chromium. Other arguments are passed to
// jest. Coverage is measured only if CI is set or with --coverage, because it takes a third more time.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildIfStale } from './build.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const [tier, ...rest] = process.argv.slice(2)
const isBrowser = tier === 'browser'
const args = (isBrowser ? rest : process.argv.slice(2)).filter((arg) => arg !== '--coverage')
const coverage = process.env.CI || process.argv.includes('--coverage') ? ['--coverage'] : []

const seen = mkdtempSync(join(tmpdir(), 'sesame-seen-'))

const jest = (...jestArgs) =>
  spawnSync(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
      ...jestArgs,
    ],
    { cwd: root, stdio: 'inherit', timeout: 600_000, env: { ...process.env, SESAME_SEEN: seen, TZ: 'UTC' } },
  ).status === 0

const runAll = () => {
  if (isBrowser) return jest('--testPathPatterns', `/browser/.*${args[0] ?? ''}`, ...args.slice(1))
  const others = ['--testPathIgnorePatterns=/browser/', '--testPathIgnorePatterns=/last/']
  if (args.length > 0) return jest(...args, ...others)
  return jest(...coverage, ...others) && jest('--testPathPatterns=/last/')
}

await buildIfStale()
const passed = runAll()
rmSync(seen, { recursive: true, force: true })
process.exit(passed ? 0 : 1)
