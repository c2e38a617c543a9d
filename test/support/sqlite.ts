import { closeSync, openSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { migrate } from '../../src/stores/sql/migrate.ts'
import { openSqlite } from '../../src/stores/sql/sqlite.ts'
import { openSqlStores } from '../../src/stores/stores.ts'
import { atEnd } from './at-end.ts'
import { emptyFolder } from './process.ts'

export { holdLock } from './lock.ts'

/** The path of a file that does not exist yet, in a new folder. */
export const newFile = (): string => join(emptyFolder(), 'sesame.db')

/** Opens a database in a file, creates its schema, and opens the stores on it. */
export const openFile = async (file = newFile()) => {
  const database = openSqlite(file)
  await migrate(database)
  const stores = await openSqlStores(database, { idleSeconds: 600, absoluteSeconds: 600 }, 0)
  const close = atEnd(stores.close)
  return { file, database, stores, close: async () => close() }
}

/** A row of an account with this name. */
export const accountOf = (username: string) => ({
  id: username.padEnd(64, '-'),
  username,
  passwordHash: 'a hash',
  credentialVersion: 0,
  createdAt: 1,
})

/** Damages some pages of a database that no process has open. */
export const overwrite = (file: string): void => {
  const open = openSync(file, 'r+')
  writeSync(open, Buffer.alloc(1000, 'x'), 0, 1000, statSync(file).size - 6000)
  closeSync(open)
}
