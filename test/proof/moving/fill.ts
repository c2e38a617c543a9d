// A database with a large population, made by `sesame migrate up` and `sesame import`.
import { main, runProgram, systemEnvironment } from '../../support/process.ts'
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { hash } from '@node-rs/argon2'
import { writePopulation } from './population.ts'

// So many can log in, all by one password.
const known = 1_000
const password = randomBytes(12).toString('base64url')

/** Runs `sesame` with these words, which has to end well.
 * @param options `isOnTerminal`: with a terminal, by `script` of util-linux
 * @returns what it has said, and how long it took */
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
  const { status, stdout, stderr } = await runProgram(program, rest, { env })
  if (status !== 0)
    throw new Error(`sesame ${words.join(' ')} ended with ${status}:
${stdout}${stderr}`)
  return { said: stdout + stderr, seconds: (performance.now() - start) / 1000 }
}

/** Fills a new database with `count` accounts and a session each.
 * @returns the rows of the sessions that may be used, the password of their accounts, what the import said, and how
 * many rows it took in a second */
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
