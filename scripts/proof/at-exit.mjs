// What must not outlive this process, however it ends: servers it has started, temporary folders.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const undoings = new Set()

process.once('exit', () => {
  // The last one first: a server is ended before the folder that it writes to is removed.
  for (const undo of [...undoings].reverse()) undo()
})
// Without a listener, these would end the process without the event 'exit'.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130))

/** Calls `undo` when the process ends, if not before by the function that this returns. */
export const atExit = (undo) => {
  undoings.add(undo)
  return () => {
    if (undoings.delete(undo)) undo()
  }
}

/** A new folder, gone with this process or when `remove` is called. */
export const createTemporaryFolder = (parent = tmpdir()) => {
  mkdirSync(parent, { recursive: true })
  const path = mkdtempSync(join(parent, 'sesame-'))
  const remove = atExit(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }))
  return { path, remove }
}
