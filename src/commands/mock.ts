import { systemClock } from '../clock.ts'
import { loadConfig } from '../config.ts'
import type { ContractDocument } from '../contract/document.ts'
import type { RequestHandler } from '../http/server.ts'
import { openLog } from '../log.ts'
import { createMock } from '../mock/mock.ts'
import { listen, nameOf } from './listen.ts'

export interface MockSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly readDocument: () => ContractDocument
  /** Where the log goes. */
  readonly stdout: { readonly fd: number; readonly isTTY: boolean }
  /** Writes a line for a person. */
  readonly print: (line: string) => void
}

export interface RunningMock {
  readonly port: number
  /** Reads the contract again. One that cannot be served is said to be so, and the last good one goes on. */
  readonly reload: () => Promise<void>
  readonly stop: () => Promise<void>
}

// A mock has no secrets and no accounts, so that the other settings have nothing to say.
const settings = ['HOST', 'PORT', 'CORS_ORIGINS', 'ISSUER', 'LOG_LEVEL'] as const

/** Serves the examples of the contract. Undefined when a setting or the contract does not allow it, which is then
 * printed. */
export const mock = async (surroundings: MockSurroundings): Promise<RunningMock | undefined> => {
  const { environment, readDocument, stdout, print } = surroundings
  const loaded = loadConfig(Object.fromEntries(settings.map((name) => [name, environment[name]])))
  if ('problems' in loaded) {
    for (const problem of loaded.problems) print(`error: ${problem}`)
    return undefined
  }
  const { config } = loaded
  const server = await listen(config, print)
  if (!server) return undefined
  const { port } = server
  const { logger: log, flush } = await openLog({ level: config.logLevel, ...stdout })

  const load = async (): Promise<RequestHandler | undefined> => {
    try {
      return await createMock({ config, document: readDocument(), clock: systemClock, log, port })
    } catch (error) {
      print(`error: The contract cannot be served: ${(error as Error).message}`)
      return undefined
    }
  }
  let current = await load()
  if (!current) {
    await server.close(0)
    return undefined
  }
  server.serve({ ...current, callback: (request, response) => current?.callback(request, response) })
  print(`The examples of the contract are served at http://${nameOf(config.host)}:${port}`)

  return {
    port,
    reload: async () => {
      const next = await load()
      if (next) print('The contract was read again.')
      current = next ?? current
    },
    stop: async () => {
      await server.close(0)
      await flush()
    },
  }
}
