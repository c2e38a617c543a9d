// Fills a database with many accounts by `sesame migrate up` and `sesame import`.
import { emptyFolder, main, runProgram, systemEnvironment } from '../../support/process.ts'
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { hash } from '@node-rs/argon2'
import { writePopulation } from './population.ts'

// This number of accounts can log in, all with one password.
const known = 1_000
const password = randomBytes(12).toString('base64url')

/** Runs `sesame` with these words.
 * @param isOnTerminal whether it runs on a terminal, by the program `script`
 * @returns its output, and how long it took
 * @throws where its exit status is not 0 */
export const runSesame = async (
  databaseUrl: string,
  words: readonly string[],
  { isOnTerminal = false }: { readonly isOnTerminal?: boolean | undefined } = {},
): Promise<{ readonly said: string; readonly seconds: number }> => {
  const command = [process.execPath, main, ...words]
  const [program = '', ...rest] = isOnTerminal
    ? ['script', '-qec', `stty cols 100; ${command.map((word) => `'${word}'`).join(' ')}`, '/dev/null']
    : command
  const start = performance.now()
  const env = { ...systemEnvironment(), DATABASE_URL: databaseUrl }
  const { status, stdout, stderr } = await runProgram(program, rest, { cwd: emptyFolder(), env })
  if (status !== 0)
    throw new Error(`sesame ${words.join(' ')} ended with ${status}:
${stdout}${stderr}`)
  return { said: stdout + stderr, seconds: (performance.now() - start) / 1000 }
}

/** Fills a new database with `count` accounts, each with one session.
 * @returns the sessions whose accounts can log in, their password, the output of the import, and its rows per second */
export const fillDatabase = async (
  folder: string,
  databaseUrl: string,
  count: number,
  { isOnTerminal }: { readonly isOnTerminal?: boolean | undefined } = {},
) => {
  const file = join(folder, `${count}.ndjson`)
  const knownHash = await hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
  const sessions = await writePopulation(file, { count, known, knownHash })
  await runSesame(databaseUrl, ['migrate', 'up'])
  const { said, seconds } = await runSesame(databaseUrl, ['import', file], { isOnTerminal })
  rmSync(file)
  return { sessions, password, said, rowsPerSecond: (2 * count) / seconds }
}
