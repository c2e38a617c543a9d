import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'

/** Checks the types of the service, and prints the errors.
 * @param root of the project
 * @returns `passed`: whether there were none; `cancel` stops the check */
export const startTypeCheck = (root) => {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const state = join(root, 'node_modules', '.cache', 'sesame', 'types.tsbuildinfo')
  const words = [tsc, '-p', root, '--noEmit', '--incremental', '--tsBuildInfoFile', state, '--pretty']
  const checker = spawn(process.execPath, words, { stdio: ['ignore', 'inherit', 'inherit'] })
  // A server that starts meanwhile goes first.
  setPriority(checker.pid, constants.priority.PRIORITY_BELOW_NORMAL)
  return { passed: once(checker, 'exit').then(([status]) => status === 0), cancel: () => checker.kill() }
}
