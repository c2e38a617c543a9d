// Starts a script of the bench as a child process, and sends it one message at a time.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { atEnd } from '../../test/support/at-end.ts'

const maxResponseMilliseconds = 120_000

/** @param script the URL of a script that responds to every message, with `{ error }` after a failure
 * @param options `core`: the only core that it may run on, set by `taskset` */
export const startChild = (script, { core } = {}) => {
  const pinned = core === undefined ? {} : { execPath: 'taskset', execArgv: ['-c', String(core), process.execPath] }
  const child = fork(script, { ...pinned, serialization: 'advanced' })
  const kill = atEnd(() => child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  const exchange = async (message) => {
    const responded = once(child, 'message', { signal: AbortSignal.timeout(maxResponseMilliseconds) })
    child.send(message)
    const [response] = await Promise.race([responded, exited])
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${script} has ended`)
    if (response.error !== undefined) throw new Error(response.error)
    return response
  }
  let last = Promise.resolve()
  return {
    /** Sends a message after the response to the one before. Resolves to the response. */
    ask: (message) => {
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
