// A database with a large population, made by `sesame migrate up` and `sesame import`.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { openSync, closeSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { hash } from '@node-rs/argon2'
import { sesame } from '../server.mjs'
import { writePopulation } from './population.mjs'

// So many can log in, all by one password.
const known = 1_000
const password = randomBytes(12).toString('base64url')

/** Runs `sesame` with these words. Whatever it says on the standard error is an error, unless it ends well.
 * @param options `output`: a file for its standard output; `isOnTerminal`: with a terminal, by util-linux' `script`
 * @returns what it has said, and how long it took */
export const runSesame = async (databaseUrl, words, { output, isOnTerminal = false } = {}) => {
  const { PATH, SystemRoot, TEMP } = process.env
  const stdout = output === undefined ? 'pipe' : openSync(output, 'w', 0o600)
  const command = [process.execPath, sesame, ...words]
  const [program, ...rest] = isOnTerminal
    ? ['script', '-qec', `stty cols 100; ${command.map((w) => `'${w}'`).join(' ')}`, '/dev/null']
    : command
  const start = performance.now()
  const child = spawn(program, rest, {
    env: { PATH, SystemRoot, TEMP, DATABASE_URL: databaseUrl },
    stdio: ['ignore', stdout, 'pipe'],
  })
  if (stdout !== 'pipe') closeSync(stdout)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (said += text))
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`sesame ${words.join(' ')} ended with ${status}:\n${said}`)
  return { said, seconds: (performance.now() - start) / 1000 }
}

/** Fills a new database with `count` accounts and a session each.
 * @returns the rows of the sessions that may be used, the password of their accounts, what the import said, and how
 * many rows it took in a second */
export const fillDatabase = async (folder, databaseUrl, count, { isOnTerminal } = {}) => {
  const file = join(folder, `${count}.ndjson`)
  const knownHash = await hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
  const sessions = await writePopulation(file, { count, known, knownHash })
  await runSesame(databaseUrl, ['migrate', 'up'])
  const { said, seconds } = await runSesame(databaseUrl, ['import', file], { isOnTerminal })
  rmSync(file)
  return { sessions, password, said, rowsPerSecond: (2 * count) / seconds }
}
