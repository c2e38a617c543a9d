import { systemClock } from '../clock.ts'
import type { ContractDocument } from '../contract/document.ts'
import type { RequestHandler } from '../http/server.ts'
import { openLog } from '../log.ts'
import { createMock } from '../mock/mock.ts'
import { CommandError } from './command-error.ts'
import { listen, nameOf } from './listen.ts'
import { readConfig } from './read-config.ts'

interface MockContext {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly readDocument: () => ContractDocument
  /** The log is written here. */
  readonly stdout: { readonly fd: number; readonly isTTY: boolean }
  /** Prints a line for a person. */
  readonly print: (line: string) => void
}

export interface RunningMock {
  readonly port: number
  /** Reads the contract again. If it cannot be served, prints the reason and keeps the last good one. */
  readonly reload: () => Promise<void>
  readonly stop: () => Promise<void>
}

// A mock has no secrets and no accounts, so it ignores all other settings.
const settings = ['HOST', 'PORT', 'CORS_ORIGINS', 'ISSUER', 'LOG_LEVEL'] as const

/** Serves the examples of the contract.
 * @throws CommandError if a setting is wrong, or the contract cannot be served */
export const mock = async ({ environment, readDocument, stdout, print }: MockContext): Promise<RunningMock> => {
  const config = readConfig(environment, ...settings)
  const server = await listen(config)
  const { port } = server
  const { logger: log, flush } = await openLog({ level: config.logLevel, ...stdout })
  const load = async (): Promise<RequestHandler> =>
    createMock({ config, document: readDocument(), clock: systemClock, log, port })
  const faultOf = (error: unknown): string => `The contract cannot be served: ${(error as Error).message}`

  let current = await load().catch(async (error: unknown) => {
    await server.close(0)
    throw new CommandError(faultOf(error))
  })
  server.serve({ ...current, callback: (request, response) => current.callback(request, response) })
  print(`Serving the examples of the contract at http://${nameOf(config.host)}:${port}`)

  return {
    port,
    reload: async () => {
      try {
        current = await load()
        print('Reloaded the contract.')
      } catch (error) {
        print(`error: ${faultOf(error)}`)
      }
    },
    stop: async () => {
      await server.close(0)
      await flush()
    },
  }
}
