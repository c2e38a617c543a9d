// The service on PostgreSQL: on a server that crashes, and on one that stands still; and by two processes on one server.
// A private server of this machine's own binaries is started for it. The last part takes `quick` as `session-races` does.
import { proveEndings } from './postgres/endings.ts'
import { proveRestarts } from './postgres/restarts.ts'
import { proveStandstill } from './postgres/standstill.ts'
import { proveTls } from './postgres/tls.ts'
import { proveTwoProcesses } from './postgres/two-processes.ts'
import { type Prove, proveParts } from './proof.ts'

const parts = {
  restarts: proveRestarts,
  standstill: proveStandstill,
  endings: proveEndings,
  tls: proveTls,
  'two-processes': proveTwoProcesses,
}

export const prove: Prove = (run) => proveParts(parts, run)
