import type { HashCost } from '../../src/accounts/passwords.ts'
import { type Config, loadConfig } from '../../src/config.ts'
import { type Clock, systemClock } from '../../src/clock.ts'
import { type ContractDocument, readContract } from '../../src/contract/document.ts'
import { openServer } from '../../src/http/server.ts'
import { createLogger } from '../../src/log.ts'
import { createService } from '../../src/service.ts'
import type { Stores } from '../../src/stores/stores.ts'
import { atEnd } from './at-end.ts'
import { openTestStores } from './stores.ts'

export const secretKey = 'a key for tests, long enough for HS256'

export interface RunningService {
  readonly url: string
  readonly port: number
  readonly stores: Stores
  /** The lines of the log so far, parsed. */
  readonly lines: readonly Readonly<Record<string, unknown>>[]
  /** The log so far. */
  readonly text: () => string
  readonly startDraining: () => void
  /** Stops the service. It may be called again.
   * @param graceMilliseconds for requests in flight, by default none */
  readonly stop: (graceMilliseconds?: number) => Promise<void>
}

export interface ServiceOptions {
  readonly environment?: Readonly<Record<string, string>>
  readonly config?: Partial<Config>
  readonly stores?: Stores
  readonly clock?: Clock
  readonly document?: ContractDocument
  /** `recommended` where a test is about hashes or the time that they take. */
  readonly hashCost?: 'recommended'
}

// A hash of this cost takes less than a millisecond.
const cheap: HashCost = { memoryKib: 64, passes: 1, lanes: 1 }

/** Starts a service within this process on a free port. It is composed as by `npm start`. */
export const startService = async (options: ServiceOptions = {}): Promise<RunningService> => {
  const loaded = loadConfig({
    NODE_ENV: 'test',
    PORT: '0',
    HOST: '127.0.0.1',
    SECRET_KEY: secretKey,
    ...options.environment,
  })
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'))
  const config = { ...loaded.config, ...options.config }
  const lines: Readonly<Record<string, unknown>>[] = []
  let text = ''
  const log = createLogger('info', {
    write: (line) => {
      text += line
      lines.push(JSON.parse(line) as Readonly<Record<string, unknown>>)
    },
  })
  const clock = options.clock ?? systemClock
  const stores = options.stores ?? (await openTestStores(config.sessionLifetimes, clock))
  const server = await openServer(config)
  const service = await createService({
    config,
    document: options.document ?? readContract(),
    stores,
    clock,
    log,
    port: server.port,
    hashCost: options.hashCost === 'recommended' ? undefined : cheap,
  }).catch(async (error: unknown) => {
    await server.close(0)
    throw error
  })
  server.serve(service.handler)
  const end = async (graceMilliseconds: number): Promise<void> => {
    await server.close(graceMilliseconds)
    // A test may go on with stores that it has opened itself.
    if (!options.stores) await stores.close()
  }
  let ending: Promise<void> | undefined
  const stop = (graceMilliseconds = 0): Promise<void> => (ending ??= end(graceMilliseconds))
  // A test that fails before it stops its service must not keep Jest from ending.
  atEnd(stop)
  return {
    url: `http://127.0.0.1:${server.port}`,
    port: server.port,
    stores,
    lines,
    text: () => text,
    startDraining: service.startDraining,
    stop,
  }
}
