// The bench's side of the load generator.
import { startChild } from '../child.mjs'

/** @param core that the generator has for itself; undefined for any */
export const openGenerator = ({ core } = {}) => {
  const { order, stop } = startChild(new URL('generator.mjs', import.meta.url), { core })
  let count = 0

  const openPlan = async (content) => {
    const id = (count += 1)
    await order({ id, ...content })
    return id
  }

  return {
    /** A plan that sends these requests in turn. */
    rotate: (requests) => openPlan({ order: 'define', kind: 'rotate', requests }),
    /** A plan of the same requests for another server. */
    repeat: (plan) => openPlan({ order: 'repeat', plan }),
    /** A plan that refreshes these sessions in turn. */
    refresh: (refreshTokens) => openPlan({ order: 'define', kind: 'refresh', refreshTokens }),
    /** The latest access tokens of a plan that refreshes. */
    accessTokens: (plan) => order({ order: 'accessTokens', id: plan }),
    /** Sends so many requests of a plan to a server.
     * @param server `port`, and `cpu`, which reads its CPU time in microseconds
     * @param load `expected`: `{ status, body? }` of every response
     * @returns what one of them cost the server, and what the generator saw */
    load: async ({ port, cpu }, { plan, connections, expected }, requests) => {
      await order({ order: 'open', port, count: connections })
      const before = await cpu()
      const seen = await order({ order: 'run', id: plan, requests, expected })
      return { cpuMicroseconds: ((await cpu()) - before) / requests, ...seen }
    },
    stop,
  }
}
