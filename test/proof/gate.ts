// The gate stops what it is there to stop: in a copy of the project one fault after another is planted, and
// `npm run check` has to fail by the step that is meant to see it.
import { emptyFolder, root } from '../support/process.ts'
import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Prove, Result } from './proof.ts'

const checkMilliseconds = 180_000

interface GateFault {
  readonly name: string
  readonly file: string
  readonly plant: (text: string) => string
  readonly step: string
}

const faults: readonly GateFault[] = [
  {
    name: 'a stale generated file',
    file: 'src/contract/generated.ts',
    plant: (text) => `${text}// by hand\n`,
    step: 'generated files are current',
  },
  {
    name: 'a stale collection',
    file: 'contract/collections/sesame.postman_collection.json',
    plant: (text) => text.replace('Create an account', 'Create an Account'),
    step: 'generated files are current',
  },
  {
    name: 'an undeclared import between folders',
    file: 'src/accounts/usernames.ts',
    plant: (text) => `${text}export type { Sessions } from '../sessions/sessions.ts'\n`,
    step: 'imports between folders',
  },
  {
    name: 'an unused export',
    file: 'src/clock.ts',
    plant: (text) => `${text}\nexport const nobodyAsks = 1\n`,
    step: 'unused code',
  },
  {
    name: 'an operation without security',
    file: 'openapi.yaml',
    plant: (text) => text.replace('      security: []\n', ''),
    step: 'contract: redocly',
  },
  {
    name: 'an operation that asks for an undeclared scope',
    file: 'openapi.yaml',
    plant: (text) => text.replace("oauth2: ['account:read']", "oauth2: ['account:admin']"),
    step: 'contract: rules of our own',
  },
  {
    name: 'a version that the contract and the changelog do not know',
    file: 'package.json',
    plant: (text) => text.replace(/"version": ".*"/, '"version": "99.0.0"'),
    step: 'contract: compatible with the last release',
  },
  {
    name: 'a change of the contract without a version',
    file: 'openapi.yaml',
    plant: (text) => text.replace('maxLength: 64', 'maxLength: 63'),
    step: 'contract: compatible with the last release',
  },
  {
    name: 'a handler that returns an undeclared field',
    file: 'src/operations/signup.ts',
    plant: (text) => text.replace("successfully' }", "successfully', passwordHash: 'x' }"),
    step: 'types of src',
  },
]

export const prove: Prove = async () => {
  const path = emptyFolder()
  copyProject(path)
  const clean = check(path)
  const proven: Result[] = [
    { passed: clean.passed, text: `without a fault the gate passes${clean.passed ? '' : `:\n${clean.output}`}` },
  ]
  for (const { name, file, plant, step } of faults) {
    const target = join(path, file)
    const original = readFileSync(target, 'utf8')
    const planted = plant(original)
    if (planted === original) throw new Error(`The fault "${name}" cannot be planted in ${file}`)
    writeFileSync(target, planted)
    const { passed, output } = check(path)
    writeFileSync(target, original)
    const isSeen = !passed && output.includes(`FAIL  ${step}`)
    proven.push({ passed: isSeen, text: `${name} fails the gate, by the step "${step}"` })
  }
  return proven
}

const copyProject = (path: string): void => {
  const { stdout } = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
  for (const name of stdout.trim().split('\n')) cpSync(join(root, name), join(path, name))
  symlinkSync(join(root, 'node_modules'), join(path, 'node_modules'), 'junction')
}

const check = (path: string): { readonly passed: boolean; readonly output: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/check.mjs', '--fast'], {
    cwd: path,
    encoding: 'utf8',
    timeout: checkMilliseconds,
  })
  return { passed: status === 0, output: `${stdout}${stderr}` }
}
