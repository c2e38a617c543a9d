import { statSync } from 'node:fs'
import type Libsql from 'libsql'
import AsyncLibsql from 'libsql/promise'

const writesBetween = 200
const maxLogBytes = 16 * 2 ** 20

/** Runs checkpoints, which copy the write-ahead log to the database file. A checkpoint of a large log takes long, so it
 * uses a second connection on another thread. Data in the log is as durable as data in the file. */
export const createCheckpoints = (file: string, connection: Libsql.Database) => {
  let writes = 0
  let running: Promise<void> | undefined
  let second: AsyncLibsql | undefined
  connection.exec('pragma wal_autocheckpoint = 0')

  const checkpoint = async (): Promise<void> => {
    try {
      second ??= await connect(file)
      await second.exec('pragma wal_checkpoint(PASSIVE)')
      // Only what was written meanwhile is left. This checkpoint blocks writers while it copies that and empties the
      // log.
      if (statSync(`${file}-wal`).size > maxLogBytes) await second.exec('pragma wal_checkpoint(TRUNCATE)')
    } catch {
      // A checkpoint may fail. If the disk is at fault, the next write reports it.
    }
  }
  return {
    noteWrite: (): void => {
      writes += 1
      if (writes < writesBetween || running) return
      writes = 0
      running = checkpoint().finally(() => {
        running = undefined
      })
    },
    /** Empties the log, unless another process uses it. */
    close: async (): Promise<void> => {
      await running
      second?.close()
      try {
        connection.exec('pragma wal_checkpoint(TRUNCATE)')
      } catch {
        // The next process that opens the file reads the log.
      }
    },
  }
}

const connect = async (file: string): Promise<AsyncLibsql> => {
  const connection = new AsyncLibsql(file, {})
  for (const pragma of ['busy_timeout = 0', 'synchronous = FULL', 'fullfsync = ON']) {
    await connection.exec(`pragma ${pragma}`)
  }
  return connection
}
