// Starts the load generator, and sends it commands.
import { startChild } from '../child.mjs'

/** @param core the only core that the generator may use; undefined for any */
export const openGenerator = ({ core } = {}) => {
  const { ask, stop } = startChild(new URL('generator.mjs', import.meta.url), { core })
  let count = 0

  const openPlan = async (content) => {
    const id = (count += 1)
    await ask({ id, ...content })
    return id
  }

  return {
    /** A plan that sends these requests in turn. */
    rotate: (requests) => openPlan({ command: 'define', kind: 'rotate', requests }),
    /** A plan of the same requests for another server. */
    repeat: (plan) => openPlan({ command: 'repeat', plan }),
    /** A plan that refreshes these sessions in turn. */
    refresh: (refreshTokens) => openPlan({ command: 'define', kind: 'refresh', refreshTokens }),
    /** The latest access tokens of a plan that refreshes. */
    accessTokens: (plan) => ask({ command: 'accessTokens', id: plan }),
    /** Sends a number of requests of a plan to a server.
     * @param server `port`, and `cpu`, which reads its CPU time in microseconds
     * @param load `expected`: `{ status, body? }` of every response
     * @returns the server's CPU time per request, and the rate and latencies of the generator */
    load: async ({ port, cpu }, { plan, connections, expected }, requests) => {
      await ask({ command: 'open', port, count: connections })
      const before = await cpu()
      const seen = await ask({ command: 'run', id: plan, requests, expected })
      return { cpuMicroseconds: ((await cpu()) - before) / requests, ...seen }
    },
    stop,
  }
}
