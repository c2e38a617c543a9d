// Accounts and sessions in a file of SQLite: what was acknowledged is on the disk, whatever happens to the server, the
// lock of the file or the disk, and a copy of it can be made at any time.
import { randomInt } from 'node:crypto'
import { proveBackup } from './sqlite/backup.mjs'
import { proveCrashes } from './sqlite/crashes.mjs'
import { proveDisk } from './sqlite/disk.mjs'
import { proveLock } from './sqlite/lock.mjs'
import { proveSync } from './sqlite/sync.mjs'

const parts = { crashes: proveCrashes, sync: proveSync, lock: proveLock, disk: proveDisk, backup: proveBackup }
const short = { cycles: 5, rows: 20_000 }
const full = { cycles: 50, rows: 400_000 }

/** @param words `full` for the full size, the names of parts for those alone, and a seed to repeat a run */
export const prove = async (words) => {
  const seed = Number(words.find((word) => /^\d+$/.test(word)) ?? randomInt(2 ** 31))
  const size = { ...(words.includes('full') ? full : short), seed }
  const named = Object.keys(parts).filter((name) => words.includes(name))
  const results = []
  for (const name of named.length > 0 ? named : Object.keys(parts)) results.push(...(await parts[name](size)))
  return results
}
