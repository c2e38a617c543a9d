// The service on PostgreSQL: on a server that crashes, and on one that stands still; and by two processes on one server.
// A private server of this machine's own binaries is started for it.
import { proveTwoProcesses } from './postgres/two-processes.mjs'
import { proveEndings } from './postgres/endings.mjs'
import { proveRestarts } from './postgres/restarts.mjs'
import { proveStandstill } from './postgres/standstill.mjs'
import { proveTls } from './postgres/tls.mjs'

const parts = {
  restarts: proveRestarts,
  standstill: proveStandstill,
  endings: proveEndings,
  tls: proveTls,
  'two-processes': proveTwoProcesses,
}

/** @param words names of parts, all of them without one; the last part takes `quick` and a seed as `session-races` does */
export const prove = async (words) => {
  const named = Object.keys(parts).filter((name) => words.includes(name))
  const results = []
  for (const name of named.length > 0 ? named : Object.keys(parts)) results.push(...(await parts[name](words)))
  return results
}
