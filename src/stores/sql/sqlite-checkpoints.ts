import { statSync } from 'node:fs'
import type Libsql from 'libsql'
import AsyncLibsql from 'libsql/promise'

const writesBetween = 200
const maxLogBytes = 16 * 2 ** 20

/** Copies from time to time what was written from the log to the file. With a large log that takes long: it is done by a
 * connection of its own, on another thread. What is in the log is as safe as what is in the file. */
export const createCheckpoints = (file: string, connection: Libsql.Database) => {
  let writes = 0
  let copying: Promise<void> | undefined
  let other: AsyncLibsql | undefined
  connection.exec('pragma wal_autocheckpoint = 0')

  const copy = async (): Promise<void> => {
    try {
      other ??= await connect(file)
      await other.exec('pragma wal_checkpoint(PASSIVE)')
      // What little is left was written meanwhile. While that is copied nobody can write, so that the log begins anew.
      if (statSync(`${file}-wal`).size > maxLogBytes) await other.exec('pragma wal_checkpoint(TRUNCATE)')
    } catch {
      // Those who write are told what is wrong with the disk.
    }
  }
  return {
    noteWrite: (): void => {
      writes += 1
      if (writes < writesBetween || copying) return
      writes = 0
      copying = copy().finally(() => {
        copying = undefined
      })
    },
    /** Leaves an empty log, if nobody else needs it. */
    close: async (): Promise<void> => {
      await copying
      other?.close()
      try {
        connection.exec('pragma wal_checkpoint(TRUNCATE)')
      } catch {
        // Whoever opens the file next reads the log.
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
