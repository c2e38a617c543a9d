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
const lockTimeoutMilliseconds = { server: 2_500, command: 60_000 }
// After a write that held the lock for this long, a gap lets another process take it. Other processes poll for it.
const longWriteMilliseconds = 20
const gapMilliseconds = 2 * retryMilliseconds
const retryAfterSeconds = 2

/** Opens a database file, and creates it if it does not exist. One server uses it; commands may read and write it
 * meanwhile.
 * @param options `isLongRunning`: waits up to 60 seconds for the lock, as commands do
 * @throws when the file cannot be used */
export const openSqlite = (
  path: string,
  { isLongRunning = false }: { readonly isLongRunning?: boolean } = {},
  now = () => sql<number>`unixepoch()`,
): Database => {
  const file = prepareFile(path)
  const connection = connect(file)
  const isStillThere = rememberFile(file)
  const db = new Kysely<Schema>({ dialect: createSqliteDialect(connection) })
  // A command lets SQLite run checkpoints on this connection, because no client waits for it. A checkpoint only every
  // 128 MiB writes each page less often. Each commit is synced all the same.
  if (isLongRunning) connection.exec('pragma wal_autocheckpoint = 32768')
  const checkpoints = isLongRunning ? undefined : createCheckpoints(file, connection)
  const lockTimeout = isLongRunning ? lockTimeoutMilliseconds.command : lockTimeoutMilliseconds.server

  const attempt = async <T>(work: () => Promise<T>, deadline: number): Promise<T> => {
    for (;;) {
      if (!isStillThere()) throw notReady(new Error('the database file was removed or replaced; restart the server'))
      try {
        return await work()
      } catch (error) {
        if (!isBusy(error)) throw failureOf(error)
        if (performance.now() > deadline) throw notReady(error)
        await delay(retryMilliseconds)
      }
    }
  }
  const enqueue = createQueue()
  return {
    db,
    now,
    read: (work) => attempt(() => work(db), performance.now() + lockTimeout),
    // Writes run one after another. Many concurrent attempts to take the lock would block the event loop.
    write: (work) => {
      const deadline = performance.now() + lockTimeout
      return enqueue(async () => {
        if (performance.now() > deadline) throw notReady(new Error('earlier writes took too long'))
        const result = await attempt(() => db.transaction().execute(work), deadline)
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
  // A prepared statement would keep the file open, so this uses `exec`.
  const set = (pragma: string) => connection.exec(`pragma ${pragma}`)
  try {
    set(`busy_timeout = ${openMilliseconds}`)
    set('journal_mode = WAL')
    set('synchronous = FULL')
    // On macOS, fsync alone does not write the disk's cache.
    set('fullfsync = ON')
    set('foreign_keys = ON')
    // With a cache of 64 MiB, a million accounts are about as fast as a thousand.
    set('cache_size = -65536')
    // While SQLite waits for a lock, it blocks the event loop. `attempt` waits instead.
    set('busy_timeout = 0')
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/** Creates a queue that runs one task after another, each in its own turn of the event loop. */
const createQueue = () => {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work)
    const started = last.then(() => performance.now())
    last = result
      .catch(() => undefined)
      .then(async () =>
        performance.now() - (await started) > longWriteMilliseconds ? delay(gapMilliseconds) : nextTurn(),
      )
    return result
  }
}

const notReady = (cause: unknown): Failure => new Failure('not-ready', { retryAfterSeconds, cause })

/** Converts an error of the disk or of the system to 'not-ready', because it may be temporary. */
const failureOf = (error: unknown): unknown =>
  /^SQLITE_(FULL|READONLY|IOERR|CANTOPEN|CORRUPT|NOTADB|NOMEM|PROTOCOL)/.test(codeOf(error)) ? notReady(error) : error
