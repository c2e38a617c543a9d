import { Readable } from 'node:stream'
import { afterAll } from '@jest/globals'
import type { TerminalStream } from '../../src/commands/progress.ts'
import { runCommand } from '../../src/commands/run-command.ts'
import { migrate } from '../../src/stores/sql/migrate.ts'
import { openDatabase, openSqlStores, type Stores } from '../../src/stores/stores.ts'
import { type Ended, emptyFolder, startProcess } from './process.ts'
import { createDatabase, storeName } from './stores.ts'

const day = 86_400
const undoings: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const undo of undoings.reverse()) await undo()
})

/** Runs `sesame` with these words as a process of its own. */
export const sesame = async (
  databaseUrl: string,
  words: readonly string[],
  stdin: string | Buffer = '',
): Promise<Ended> => {
  const { child, exit, stdout, stderr } = startProcess({ DATABASE_URL: databaseUrl }, emptyFolder(), words)
  // One that ends before it has read all is judged by how it ended.
  child.stdin?.on('error', () => undefined).end(stdin)
  return { status: await exit, stdout: stdout(), stderr: stderr() }
}

interface Options {
  /** Takes the standard error. */
  readonly terminal?: TerminalStream
  readonly environment?: Readonly<Record<string, string>>
  /** Whether the standard input is a terminal. */
  readonly isTyped?: boolean
}

/** The same within this process, which is faster. */
export const sesameHere = async (
  databaseUrl: string,
  words: readonly string[],
  stdin: string | Buffer = '',
  { terminal, environment = {}, isTyped = false }: Options = {},
): Promise<Ended> => {
  let [stdout, stderr] = ['', '']
  const outcome = await runCommand(words, {
    environment: { DATABASE_URL: databaseUrl, ...environment },
    stdin: () => Object.assign(Readable.from([Buffer.from(stdin)]), { isTTY: isTyped }),
    stdout: {
      fd: 1,
      write: (text, onWritten) => {
        stdout += text
        onWritten?.()
      },
    },
    stderr: terminal ?? { write: (text) => (stderr += text) },
  })
  if (typeof outcome !== 'number') throw new Error('It serves')
  return { status: outcome, stdout, stderr }
}

export interface TestDatabase {
  readonly url: string
  /** Opened on it, until the end of the tests. */
  readonly stores: Stores
}

/** A new database with the current schema, of the kind that this run is about unless said otherwise; gone at the end. */
export const migratedDatabase = async (kind = storeName): Promise<TestDatabase> => {
  const { url, remove } = await createDatabase(kind)
  const database = await openDatabase({ databaseUrl: url, databasePoolSize: 10 })
  if (!database) throw new Error('memory: is no database')
  await migrate(database)
  const stores = await openSqlStores(database, { idleSeconds: 7 * day, absoluteSeconds: 30 * day }, 0)
  undoings.push(async () => {
    await stores.close()
    await remove()
  })
  return { url, stores }
}

/** One JSON object a line. */
export const ndjson = (...values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('')
