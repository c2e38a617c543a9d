// Runs the tests. It builds first, because some tests start dist/main.js. After all other tests, a last one checks that
// every declared response was seen. `browser` runs the tests that need Chromium instead. With any other words, it passes
// them to jest. Coverage is measured where CI is set, or with --coverage, because it takes a third more time.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildIfStale } from './build.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const [tier, ...rest] = process.argv.slice(2)
const isBrowser = tier === 'browser'
const words = (isBrowser ? rest : process.argv.slice(2)).filter((word) => word !== '--coverage')
const coverage = process.env.CI || process.argv.includes('--coverage') ? ['--coverage'] : []

const seen = mkdtempSync(join(tmpdir(), 'sesame-seen-'))

const jest = (...args) =>
  spawnSync(
    process.execPath,
    ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js', ...args],
    { cwd: root, stdio: 'inherit', timeout: 600_000, env: { ...process.env, SESAME_SEEN: seen, TZ: 'UTC' } },
  ).status === 0

const runAll = () => {
  if (isBrowser) return jest('--testPathPatterns', `/browser/.*${words[0] ?? ''}`, ...words.slice(1))
  const others = ['--testPathIgnorePatterns=/browser/', '--testPathIgnorePatterns=/last/']
  if (words.length > 0) return jest(...words, ...others)
  return jest(...coverage, ...others) && jest('--testPathPatterns=/last/')
}

await buildIfStale()
const passed = runAll()
rmSync(seen, { recursive: true, force: true })
process.exit(passed ? 0 : 1)
