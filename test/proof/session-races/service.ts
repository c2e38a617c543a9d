// Opens the service under test. It has enough open connections that requests which are sent at once are in flight at
// once.
import { Agent } from 'node:http'
import { type Operations, operationsOf, plainClient } from '../../support/http.ts'
import { type Environment, productionSettings, type StartedServer, startServer } from '../../support/process.ts'
import type { Tokens } from './race.ts'

const maxSockets = 64

export interface ServiceOptions {
  readonly script?: string | undefined
  /** Settings beyond those of production. */
  readonly settings?: Environment | undefined
  /** The number of processes on one store. Requests go to them in turn. */
  readonly processes?: number
}

export interface RacingService extends Operations {
  /** The operations of each process. */
  readonly each: readonly Operations[]
  /** How often a password was right so far. */
  readonly passwordMatches: () => Promise<number>
  readonly stop: () => Promise<void>
}

export const openService = async ({ script, settings, processes = 1 }: ServiceOptions): Promise<RacingService> => {
  const servers: StartedServer[] = []
  for (let i = 0; i < processes; i += 1) {
    servers.push(
      await startServer({
        script,
        settings: { ...productionSettings(), ...settings },
        preload: new URL('../hash-counter.mjs', import.meta.url),
      }),
    )
  }
  const agent = new Agent({ keepAlive: true, maxSockets })
  const clients = servers.map(({ url }) => plainClient(url, agent))
  let turn = 0
  return {
    ...operationsOf((sent) => (clients[(turn += 1) % processes] ?? plainClient(''))(sent)),
    each: clients.map(operationsOf),
    passwordMatches: async () => {
      const counts = await Promise.all(servers.map((server) => server.ask('passwords that were right')))
      return counts.reduce((sum: number, { matches }) => sum + (matches as number), 0)
    },
    stop: async () => {
      agent.destroy()
      await Promise.all(servers.map((server) => server.stop()))
    },
  }
}

/** Lists which of a pair of dead tokens still work. */
export const survivorsOf = async (service: Operations, tokens: Tokens): Promise<readonly string[]> => {
  const access = await service.readProtected(tokens.access_token)
  const refresh = await service.refresh(tokens.refresh_token)
  const isRefused = refresh.status === 400 && refresh.json.error === 'invalid_grant'
  return [
    ...(access.status === 401 ? [] : [`an access token that should be dead: ${access.status}`]),
    ...(isRefused ? [] : [`a refresh token that should be dead: ${refresh.status}`]),
  ]
}
