import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import { modified } from './modified.mjs'

/** Generates the types of the contract if it is newer, then checks the types of the service. Prints errors.
 * @returns `passed`, which resolves to whether there were no errors, and `cancel`, which stops the check */
export const startTypeCheck = (root) => {
  let running
  const run = async (...args) => {
    running = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
    // A server that starts at the same time gets the CPU first.
    setPriority(running.pid, constants.priority.PRIORITY_BELOW_NORMAL)
    const [status] = await once(running, 'exit')
    return status === 0
  }
  const check = async () => (!isContractNewer(root) || (await run('scripts/generate.mjs'))) && (await run(...tsc(root)))
  return { passed: check(), cancel: () => running.kill() }
}

const isContractNewer = (root) =>
  modified(join(root, 'openapi.yaml')) > modified(join(root, 'src', 'contract', 'generated.ts'))

const tsc = (root) => {
  const state = join(root, 'node_modules', '.cache', 'sesame', 'types.tsbuildinfo')
  const program = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  return [program, '-p', root, '--noEmit', '--incremental', '--tsBuildInfoFile', state, '--pretty']
}
