import { Readable } from 'node:stream'
import type { TerminalStream } from '../../src/commands/progress.ts'
import { runCommand } from '../../src/commands/run-command.ts'
import { migrate } from '../../src/stores/sql/migrate.ts'
import { openDatabase, openSqlStores, type Stores } from '../../src/stores/stores.ts'
import { atEnd } from './at-end.ts'
import { type Ended, emptyFolder, startProcess } from './process.ts'
import { createDatabase, storeName } from './stores.ts'

const day = 86_400

/** Runs `sesame` with these words in a new process. */
export const sesame = async (
  databaseUrl: string,
  words: readonly string[],
  stdin: string | Buffer = '',
): Promise<Ended> => {
  const { child, exit, stdout, stderr } = startProcess({ DATABASE_URL: databaseUrl }, emptyFolder(), words)
  // A command may end before it has read its input. Its exit status tells whether that is right.
  child.stdin?.on('error', () => undefined).end(stdin)
  return { status: await exit, stdout: stdout(), stderr: stderr() }
}

interface Options {
  /** Receives the standard error. */
  readonly terminal?: TerminalStream
  readonly environment?: Readonly<Record<string, string>>
  /** Whether the standard input is a terminal. */
  readonly isTyped?: boolean
}

/** Runs `sesame` with these words within this process, which is faster than a process of its own. */
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
  if (typeof outcome !== 'number') throw new Error('The command has started a server')
  return { status: outcome, stdout, stderr }
}

export interface TestDatabase {
  readonly url: string
  /** The stores on this database. They are open until the end of the tests. */
  readonly stores: Stores
}

/** Creates a database with the current schema, which is removed at the end.
 * @param kind by default the store of this run */
export const migratedDatabase = async (kind = storeName): Promise<TestDatabase> => {
  const { url, remove } = await createDatabase(kind)
  const database = await openDatabase({ databaseUrl: url, databasePoolSize: 10 })
  if (!database) throw new Error('memory: is no database')
  await migrate(database)
  const stores = await openSqlStores(database, { idleSeconds: 7 * day, absoluteSeconds: 30 * day }, 0)
  atEnd(async () => {
    await stores.close()
    await remove()
  })
  return { url, stores }
}

/** Writes each value as one line of JSON. */
export const ndjson = (...values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('')
