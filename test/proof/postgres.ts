// The service on PostgreSQL: on a server that crashes, on one that stands still, over TLS, and as two processes on one
// database. Each part starts a private server from the binaries of this machine. Words select parts; `quick` shortens
// the part `two-processes`, as it does for `session-races`.
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

export const prove: Prove = (run) => proveParts(parts, run, ['quick'])
