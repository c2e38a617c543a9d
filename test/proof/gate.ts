// Plants one fault after another in a copy of the project. Each must fail `npm run check -- --fast`, by the step that
// is meant for it. Each run of the gate takes a minute or more, so that this proof takes a quarter of an hour or
// longer.
import { emptyFolder, root } from '../support/process.ts'
import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Prove, Result } from './proof.ts'

const checkMilliseconds = 180_000

interface GateFault {
  readonly name: string
  readonly file: string
  /** The first occurrence is replaced. */
  readonly from: string
  readonly to: string
  /** The step of the gate that must fail. */
  readonly step: string
}

const faults: readonly GateFault[] = [
  {
    name: 'an operation without security',
    file: 'openapi.yaml',
    from: '      security: []\n',
    to: '',
    step: 'contract: redocly',
  },
  {
    name: 'a string without a limit of its length',
    file: 'openapi.yaml',
    from: '        maxLength: 64\n',
    to: '',
    step: 'contract: spectral',
  },
  {
    name: 'an operation that asks for an undeclared scope',
    file: 'openapi.yaml',
    from: "oauth2: ['account:read']",
    to: "oauth2: ['account:admin']",
    step: 'contract: rules of this project',
  },
  {
    name: 'a version that the contract and the changelog do not know',
    file: 'package.json',
    from: '"version": "',
    to: '"version": "9',
    step: 'contract: compatible with the last release',
  },
  {
    name: 'a change of the contract without a version',
    file: 'openapi.yaml',
    from: 'maxLength: 64',
    to: 'maxLength: 63',
    step: 'contract: compatible with the last release',
  },
  {
    name: 'a stale generated file',
    file: 'src/contract/generated.ts',
    from: 'Do not edit.',
    to: 'Edited by hand.',
    step: 'generated files are current',
  },
  {
    name: 'a stale collection',
    file: 'contract/collections/sesame.postman_collection.json',
    from: 'Create an account',
    to: 'Create an Account',
    step: 'generated files are current',
  },
  {
    name: 'a handler that returns an undeclared field',
    file: 'src/operations/signup.ts',
    from: "successfully' }",
    to: "successfully', passwordHash: 'x' }",
    step: 'types of src',
  },
  {
    name: 'a client that needs Node',
    file: 'src/client/error.ts',
    from: 'export ',
    to: 'process.cwd()\nexport ',
    step: 'types of src/client',
  },
  {
    name: 'a test with a wrong type',
    file: 'test/support/quick-account.ts',
    from: 'const passwordHash =',
    to: 'const passwordHash: number =',
    step: 'types of test',
  },
  {
    name: 'a promise that nothing waits for',
    file: 'src/operations/logout.ts',
    from: 'await sessions.end',
    to: 'sessions.end',
    step: 'eslint',
  },
  {
    name: 'a file that is not formatted',
    file: 'src/clock.ts',
    from: 'export const systemClock: Clock',
    to: 'export const systemClock:   Clock',
    step: 'prettier',
  },
  {
    name: 'an undeclared import between folders',
    file: 'src/accounts/usernames.ts',
    from: 'export const accountId',
    to: "export type { Sessions } from '../sessions/sessions.ts'\n$&",
    step: 'imports between folders',
  },
  {
    name: 'an unused export',
    file: 'src/clock.ts',
    from: 'export const systemClock',
    to: 'export const nobodyAsks = 1\n$&',
    step: 'unused code',
  },
]

export const prove: Prove = async () => {
  const path = emptyFolder()
  copyProject(path)
  const clean = check(path)
  const proven: Result[] = [
    { passed: clean.passed, text: `without a fault the gate passes${clean.passed ? '' : `:\n${clean.output}`}` },
  ]
  for (const { name, file, from, to, step } of faults) {
    const target = join(path, file)
    const original = readFileSync(target, 'utf8')
    const planted = original.replace(from, to)
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
  const { stdout } = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
  for (const name of stdout.split('\0').filter((each) => each !== '')) cpSync(join(root, name), join(path, name))
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
