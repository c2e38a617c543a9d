// Starts a script of the bench as a process of its own that takes one order after the other.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { atEnd } from '../../test/support/at-end.ts'

const orderMilliseconds = 120_000

/** @param script a URL. It sends a response to every message; `{ error }` says that it failed.
 * @param options `core`: the only core that it may run on, set by `taskset` */
export const startChild = (script, { core } = {}) => {
  const pinned = core === undefined ? {} : { execPath: 'taskset', execArgv: ['-c', String(core), process.execPath] }
  const child = fork(script, { ...pinned, serialization: 'advanced' })
  const kill = atEnd(() => child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  const exchange = async (message) => {
    const responded = once(child, 'message', { signal: AbortSignal.timeout(orderMilliseconds) })
    child.send(message)
    const [response] = await Promise.race([responded, exited])
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${script} has ended`)
    if (response.error !== undefined) throw new Error(response.error)
    return response
  }
  let last = Promise.resolve()
  return {
    /** Waits for the orders before, so that every response belongs to its order. */
    order: (message) => {
      const response = last.then(() => exchange(message))
      last = response.catch(() => undefined)
      return response
    },
    stop: async () => {
      kill()
      await exited
    },
  }
}
