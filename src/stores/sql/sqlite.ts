import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises'
import { Kysely, sql } from 'kysely'
import Libsql from 'libsql'
import { Failure } from '../../failure.ts'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'
import { createCheckpoints } from './sqlite-checkpoints.ts'
import { createSqliteDialect } from './sqlite-dialect.ts'
import { codeOf, isBusy, prepareFile, rememberFile } from './sqlite-file.ts'
import { inSnapshot } from './snapshot.ts'

const openMilliseconds = 5_000
const retryMilliseconds = 2
const patienceMilliseconds = { server: 2_500, command: 60_000 }
// Work that has held the lock for so long lets other processes have it, which look for it all the time.
const longMilliseconds = 20
const gapMilliseconds = 2 * retryMilliseconds
const retryAfterSeconds = 2

/** Opens a database in a file, and makes it where there is none. One process serves it; others may look at it or write
 * for moments.
 * @param options `isPatient`: waits long for the lock
 * @throws when the file cannot be used */
export const openSqlite = (
  path: string,
  { isPatient = false }: { readonly isPatient?: boolean } = {},
  now = () => sql<number>`unixepoch()`,
): Database => {
  const file = prepareFile(path)
  const connection = connect(file)
  const isStillThere = rememberFile(file)
  const db = new Kysely<Schema>({ dialect: createSqliteDialect(connection) })
  // A command copies the log itself, as SQLite does: it has nobody to keep waiting. With 128 MiB at a time, much work on
  // pages all over the file writes them fewer times. What is acknowledged is synced as before.
  if (isPatient) connection.exec('pragma wal_autocheckpoint = 32768')
  const checkpoints = isPatient ? undefined : createCheckpoints(file, connection)
  const patience = isPatient ? patienceMilliseconds.command : patienceMilliseconds.server

  const attempt = async <T>(work: () => Promise<T>, end: number): Promise<T> => {
    for (;;) {
      if (!isStillThere()) throw notReady(new Error('The file was removed or replaced: start the server anew'))
      try {
        return await work()
      } catch (error) {
        if (!isBusy(error)) throw failureOf(error)
        if (performance.now() > end) throw notReady(error)
        await delay(retryMilliseconds)
      }
    }
  }
  const inLine = createLine()
  return {
    db,
    now,
    read: (work) => attempt(() => work(db), performance.now() + patience),
    // One after the other: of many that ask for the lock at once, each would do so while nothing else can run.
    write: (work) => {
      const end = performance.now() + patience
      return inLine(async () => {
        if (performance.now() > end) throw notReady(new Error('Others were at work for too long'))
        const result = await attempt(() => db.transaction().execute(work), end)
        checkpoints?.noteWrite()
        return result
      })
    },
    snapshot: (work) => inSnapshot(db, sql`begin deferred`, work),
    close: async () => {
      await checkpoints?.close()
      await db.destroy()
    },
  }
}

const connect = (file: string): Libsql.Database => {
  const connection = new Libsql(file)
  // By `exec`, since a statement that was prepared would keep the file open.
  const set = (pragma: string) => connection.exec(`pragma ${pragma}`)
  try {
    set(`busy_timeout = ${openMilliseconds}`)
    set('journal_mode = WAL')
    set('synchronous = FULL')
    // On macOS, what is synced is else not on the disk yet.
    set('fullfsync = ON')
    set('foreign_keys = ON')
    // Of 64 MiB: a million accounts are then about as fast as a thousand.
    set('cache_size = -65536')
    // SQLite would wait for a lock without letting anything else run.
    set('busy_timeout = 0')
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/** One piece of work after the other, each in a turn of the event loop of its own. */
const createLine = () => {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work)
    const begun = last.then(() => performance.now())
    last = result
      .catch(() => undefined)
      .then(async () => (performance.now() - (await begun) > longMilliseconds ? delay(gapMilliseconds) : nextTurn()))
    return result
  }
}

const notReady = (cause: unknown): Failure => new Failure('not-ready', { retryAfterSeconds, cause })

/** What the machine does not allow now may be allowed in a while. */
const failureOf = (error: unknown): unknown =>
  /^SQLITE_(FULL|READONLY|IOERR|CANTOPEN|CORRUPT|NOTADB|NOMEM|PROTOCOL)/.test(codeOf(error)) ? notReady(error) : error
