import { closeSync, openSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import { migrate } from '../../src/stores/sql/migrate.ts'
import { openSqlite } from '../../src/stores/sql/sqlite.ts'
import { openSqlStores } from '../../src/stores/stores.ts'
import { emptyFolder } from './process.ts'

export { holdLock } from './lock.ts'

const closings = new Set<() => unknown>()
afterAll(async () => {
  for (const close of closings) await close()
})

/** The path of a file that is not there yet, in a folder of its own. */
export const newFile = (): string => join(emptyFolder(), 'sesame.db')

/** A database in a file, with its schema, and the stores on it. */
export const openFile = async (file = newFile()) => {
  const database = openSqlite(file)
  await migrate(database)
  const stores = await openSqlStores(database, { idleSeconds: 600, absoluteSeconds: 600 }, 0)
  closings.add(stores.close)
  const close = async (): Promise<void> => {
    closings.delete(stores.close)
    await stores.close()
  }
  return { file, database, stores, close }
}

/** An account that no other test has. */
export const accountOf = (username: string) => ({
  id: username.padEnd(64, '-'),
  username,
  passwordHash: 'a hash',
  credentialVersion: 0,
  createdAt: 1,
})

/** Spoils some pages of a database that nobody has open. */
export const overwrite = (file: string): void => {
  const open = openSync(file, 'r+')
  writeSync(open, Buffer.alloc(1000, 'x'), 0, 1000, statSync(file).size - 6000)
  closeSync(open)
}
