// The disk is full or fails at each write. Writes get 503 meanwhile, and work again afterwards without a restart.
import { expectOk, type Received, tally } from '../../support/http.ts'
import type { Prove, Result } from '../proof.ts'
import { emptyFolder } from '../../support/process.ts'
import { atEnd } from '../../support/at-end.ts'
import { defineFault, withFault } from '../../support/planted-fault.ts'
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { openService, runCommand } from './service.ts'

const diskMib = 16
const attempts = 40
const maxBackMilliseconds = 500

const run = (command: string, ...words: readonly string[]): void => {
  const { status, stderr, error } = spawnSync(command, words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: ${error?.message ?? stderr}`)
}

const rollsBackTwice = defineFault(
  'a rollback of what the disk has undone',
  'stores/sql/sqlite-dialect.ts',
  'executed(() => rollBack(connection))',
  "executed(() => connection.exec('rollback'))",
)

export const proveDisk: Prove = async () => {
  const disk = emptyFolder()
  run('mount', '-t', 'tmpfs', '-o', `size=${diskMib}m`, 'tmpfs', disk)
  const unmount = atEnd(() => run('umount', disk))
  const filling = {
    begin: () => fill(join(disk, 'other')),
    end: () => rmSync(join(disk, 'other')),
  }
  const full = await proveOne('a full disk', join(disk, 'sesame.db'), filling)
  const broken = await withFault(rollsBackTwice, (script) =>
    proveOne('a full disk', join(disk, 'twin.db'), filling, script),
  )
  unmount()
  const folder = emptyFolder()
  // The process gets an error when it writes beyond this offset of any file.
  const limit = (pid: number, bytes: number | 'unlimited'): void =>
    run('prlimit', '--pid', String(pid), `--fsize=${bytes}:unlimited`)
  const failing = await proveOne('a disk that fails at each write', join(folder, 'sesame.db'), {
    begin: (pid: number) => limit(pid, 0),
    end: (pid: number) => limit(pid, 'unlimited'),
  })
  return [
    full,
    failing,
    {
      passed: broken.statuses.includes(500),
      text: `the twin that undoes what the disk has undone is found out: ${broken.text}`,
    },
  ]
}

interface Failing {
  readonly begin: (pid: number) => void
  readonly end: (pid: number) => void
}

interface Judged extends Result {
  readonly statuses: readonly number[]
}

const proveOne = async (name: string, file: string, { begin, end }: Failing, script?: string): Promise<Judged> => {
  const service = await openService(file, script)
  expectOk(await service.signUp('licat'))
  const { access_token: access, refresh_token: first } = expectOk(await service.logIn('licat'))
  let token = first
  begin(service.pid)
  const answers: Received[] = []
  // SQLite may reuse room in its log, so that the first writes may still succeed.
  for (let i = 0; i < attempts; i += 1) {
    const answer = await service.refresh(token)
    if (answer.status === 200) token = answer.json.refresh_token
    answers.push(answer, await service.signUp(`another-${i}`))
  }
  const read = await service.readProtected(access)
  end(service.pid)
  const start = performance.now()
  const after = [await service.refresh(token), await service.signUp('gary'), await service.logIn('gary')]
  const back = performance.now() - start
  await service.kill()
  const doctor = await runCommand(file, ['doctor'])

  const statuses = answers.map(({ status }) => status)
  const refused = answers.filter(({ status }) => status === 503)
  const withoutRetryAfter = refused.filter(({ headers }) => !(Number(headers['retry-after']) > 0))
  const isFine =
    refused.length > attempts &&
    statuses.every((status) => status === 200 || status === 503) &&
    withoutRetryAfter.length === 0 &&
    read.status === 200 &&
    after.every(({ status }) => status === 200) &&
    back <= maxBackMilliseconds &&
    doctor.status === 0
  return {
    passed: isFine,
    statuses,
    text:
      `${name}: refreshes and sign-ups answer ${tally(statuses)}, ${withoutRetryAfter.length} of them 503 without ` +
      `Retry-After, /protected ${read.status}; ` +
      `afterwards, without a restart, ${tally(after.map(({ status }) => status))} within ${back.toFixed(0)} ms, the same ` +
      `refresh token among them; sesame doctor ends with ${doctor.status}`,
  }
}

/** Fills the disk to the last byte. */
const fill = (path: string): void => {
  const file = openSync(path, 'w')
  for (let size = 2 ** 20; size >= 1; size = Math.floor(size / 2)) {
    try {
      for (;;) if (writeSync(file, Buffer.alloc(size, 'x')) < size) break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
  }
  closeSync(file)
}
