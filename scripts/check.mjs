// Runs every check that a commit must pass. `--fast` skips the tests.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const { resolve } = createRequire(import.meta.url)

/** The path of the script that a package declares as a command. */
const command = (name, bin = name) => {
  const file = findPackage(name)
  const { bin: bins } = createRequire(import.meta.url)(file)
  return join(dirname(file), typeof bins === 'string' ? bins : bins[bin])
}

const findPackage = (name) =>
  resolve
    .paths(name)
    .map((folder) => join(folder, name, 'package.json'))
    .find((file) => existsSync(file))

const steps = {
  'contract: redocly': [command('@redocly/cli', 'redocly'), 'lint', 'openapi.yaml'],
  'contract: spectral': [
    command('@stoplight/spectral-cli', 'spectral'),
    'lint',
    'openapi.yaml',
    '--fail-severity',
    'hint',
  ],
  'contract: rules of this project': ['scripts/lint-contract.mjs'],
  'contract: compatible with the last release': ['scripts/contract-changes.mjs'],
  'generated files are current': ['scripts/generate.mjs', '--check'],
  'types of src': [command('typescript', 'tsc'), '--noEmit', '-p', '.'],
  'types of src/client': [command('typescript', 'tsc'), '--noEmit', '-p', 'src/client'],
  'types of test': [command('typescript', 'tsc'), '--noEmit', '-p', 'test'],
  eslint: [command('eslint'), '.', '--max-warnings', '0'],
  prettier: [command('prettier'), '--check', '--log-level', 'warn', '.'],
  'imports between folders': [command('dependency-cruiser', 'depcruise'), 'src', '--config', '.dependency-cruiser.mjs'],
  'unused code': [command('knip')],
  ...(process.argv.includes('--fast') ? {} : { tests: ['scripts/test.mjs'] }),
}

// The tools must not look for updates or send telemetry.
const quiet = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_UPDATE_NOTIFIER: '1' }

const failed = []
for (const [name, args] of Object.entries(steps)) {
  const isTest = name === 'tests'
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: isTest ? 'inherit' : 'pipe',
    env: { ...process.env, ...quiet },
  })
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'}  ${name}`)
  if (status === 0) continue
  failed.push(name)
  if (!isTest) console.log(`${stdout}${stderr}`.trimEnd())
}
if (failed.length > 0) console.log(`\nFailed: ${failed.join(', ')}`)
process.exit(failed.length === 0 ? 0 : 1)
