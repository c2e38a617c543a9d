import { existsSync } from 'node:fs'
import Libsql from 'libsql'
import AsyncLibsql from 'libsql/promise'

const busyMilliseconds = 5_000

/** Copies a database in a file, as it is at this moment, into an empty file, while others go on reading and writing.
 * @throws when there is no such database, or the copy is not sound */
export const copySqlite = async (from: string, to: string): Promise<void> => {
  // It would be made.
  if (!existsSync(from)) throw new Error(`${from} does not exist`)
  await copy(from, to)
  check(to)
}

const copy = async (from: string, to: string): Promise<void> => {
  const connection = new AsyncLibsql(from, {})
  try {
    await connection.exec(`pragma busy_timeout = ${busyMilliseconds}`)
    // On another thread, so that this process can still be ended by a signal.
    await connection.exec(`vacuum into '${to.replaceAll("'", "''")}'`)
    // What the server could not copy meanwhile from its log to its file, since it was read here.
    await connection.exec('pragma wal_checkpoint(PASSIVE)')
  } finally {
    connection.close()
  }
}

const check = (path: string): void => {
  const connection = new Libsql(path)
  try {
    const [first] = connection.pragma('quick_check(1)') as { readonly quick_check: string }[]
    if (first?.quick_check !== 'ok')
      throw new Error(`the copy is not sound: ${first?.quick_check ?? 'it cannot be read'}`)
  } finally {
    connection.close()
  }
}
