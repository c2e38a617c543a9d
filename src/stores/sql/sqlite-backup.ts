import { existsSync } from 'node:fs'
import Libsql from 'libsql'
import AsyncLibsql from 'libsql/promise'

const busyMilliseconds = 5_000

/** Copies the database in one file to an empty file while other processes read and write it.
 * @throws when the database does not exist or the copy is corrupt */
export const copySqlite = async (from: string, to: string): Promise<void> => {
  // Otherwise SQLite would create an empty database.
  if (!existsSync(from)) throw new Error(`${from} does not exist`)
  await copy(from, to)
  check(to)
}

const copy = async (from: string, to: string): Promise<void> => {
  const connection = new AsyncLibsql(from, {})
  try {
    await connection.exec(`pragma busy_timeout = ${busyMilliseconds}`)
    // This runs on another thread, so that a signal can still end this process.
    await connection.exec(`vacuum into '${to.replaceAll("'", "''")}'`)
    // While this connection was reading, the server could not move its write-ahead log into its file.
    await connection.exec('pragma wal_checkpoint(PASSIVE)')
  } finally {
    connection.close()
  }
}

const check = (path: string): void => {
  const connection = new Libsql(path)
  try {
    const [first] = connection.pragma('quick_check(1)') as { readonly quick_check: string }[]
    const verdict = first?.quick_check ?? 'it cannot be read'
    if (verdict !== 'ok') throw new Error(`the copy is corrupt: ${verdict.trim().replaceAll('\n', ' ')}`)
  } finally {
    connection.close()
  }
}
