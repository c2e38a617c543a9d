// The service on an SQLite file keeps every write that it has acknowledged: after a crash of the server, while another
// process holds the lock, and on a full disk. A backup can be made at any time. Words select parts; `full` runs them at
// full size.
import { type Prove, proveParts } from './proof.ts'
import { proveBackup } from './sqlite/backup.ts'
import { proveCrashes } from './sqlite/crashes.ts'
import { proveDisk } from './sqlite/disk.ts'
import { proveLock } from './sqlite/lock.ts'
import { proveSync } from './sqlite/sync.ts'

const parts = { crashes: proveCrashes, sync: proveSync, lock: proveLock, disk: proveDisk, backup: proveBackup }

export const prove: Prove = (run) => proveParts(parts, run, ['full'])
