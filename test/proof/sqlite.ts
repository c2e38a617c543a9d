// Accounts and sessions in a file of SQLite: what was acknowledged is on the disk, whatever happens to the server, the
// lock of the file or the disk, and a copy of it can be made at any time. The word `full` asks for the full size.
import { type Prove, proveParts } from './proof.ts'
import { proveBackup } from './sqlite/backup.ts'
import { proveCrashes } from './sqlite/crashes.ts'
import { proveDisk } from './sqlite/disk.ts'
import { proveLock } from './sqlite/lock.ts'
import { proveSync } from './sqlite/sync.ts'

const parts = { crashes: proveCrashes, sync: proveSync, lock: proveLock, disk: proveDisk, backup: proveBackup }

export const prove: Prove = (run) => proveParts(parts, run)
