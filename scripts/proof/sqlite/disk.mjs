// The disk is full, or cannot be written: 503 for what would write, and on as before once it can.
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { atExit, createTemporaryFolder } from '../at-exit.mjs'
import { makeTwin } from '../twin.mjs'
import { expectOk, openService, runCommand, tally } from './service.mjs'

const diskMib = 16
const attempts = 40
const maxBackMilliseconds = 500

const run = (command, ...words) => {
  const { status, stderr, error } = spawnSync(command, words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: ${error?.message ?? stderr}`)
}

export const proveDisk = async () => {
  const disk = createTemporaryFolder()
  run('mount', '-t', 'tmpfs', '-o', `size=${diskMib}m`, 'tmpfs', disk.path)
  const unmount = atExit(() => run('umount', disk.path))
  const filling = {
    begin: () => fill(join(disk.path, 'other')),
    end: () => rmSync(join(disk.path, 'other')),
  }
  const full = await proveOne('a full disk', join(disk.path, 'sesame.db'), filling)
  const rollback = 'executed(() => rollBack(connection))'
  const twin = makeTwin('stores/sql/sqlite-dialect.js', rollback, "executed(() => connection.exec('rollback'))")
  const broken = await proveOne('a full disk', join(disk.path, 'twin.db'), filling, twin.script)
  twin.remove()
  unmount()
  const folder = createTemporaryFolder()
  // The process may not write beyond this offset of any file, and is told of an I/O error.
  const limit = (pid, bytes) => run('prlimit', '--pid', String(pid), `--fsize=${bytes}:unlimited`)
  const failing = await proveOne('a disk that fails at each write', join(folder.path, 'sesame.db'), {
    begin: (pid) => limit(pid, 0),
    end: (pid) => limit(pid, 'unlimited'),
  })
  folder.remove()
  disk.remove()
  return [
    full,
    failing,
    { passed: !broken.passed, text: `the twin that undoes what the disk has undone is found out: ${broken.text}` },
  ]
}

const proveOne = async (name, file, { begin, end }, script) => {
  const service = await openService(file, script)
  expectOk(await service.signUp('licat'))
  let { access_token: access, refresh_token: token } = expectOk(await service.logIn('licat'))
  begin(service.pid)
  const answers = []
  // What is in the log can be written over: it may take a few until there is no room.
  for (let i = 0; i < attempts; i += 1) {
    const answer = await service.refresh(token)
    if (answer.status === 200) token = answer.body.refresh_token
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
  const isFine =
    refused.length > attempts &&
    statuses.every((status) => status === 200 || status === 503) &&
    refused.every(({ headers }) => Number(headers['retry-after']) > 0) &&
    read.status === 200 &&
    after.every(({ status }) => status === 200) &&
    back <= maxBackMilliseconds &&
    doctor.status === 0
  return {
    passed: isFine,
    text:
      `${name}: refreshes and sign-ups answer ${tally(statuses)}, each 503 with Retry-After, /protected ${read.status}; ` +
      `afterwards, without a restart, ${tally(after.map(({ status }) => status))} within ${back.toFixed(0)} ms, the same ` +
      `refresh token among them; sesame doctor ends with ${doctor.status}`,
  }
}

/** Takes all the room that there is. */
const fill = (path) => {
  const file = openSync(path, 'w')
  for (let size = 2 ** 20; size >= 1; size = Math.floor(size / 2)) {
    try {
      for (;;) if (writeSync(file, Buffer.alloc(size, 'x')) < size) break
    } catch (error) {
      if (error.code !== 'ENOSPC') throw error
    }
  }
  closeSync(file)
}
