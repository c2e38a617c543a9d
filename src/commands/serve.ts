import cluster from 'node:cluster'
import { systemClock } from '../clock.ts'
import { type Config, loadConfig } from '../config.ts'
import { readContract } from '../contract/document.ts'
import { openLog } from '../log.ts'
import { createService } from '../service.ts'
import { openStores, prepareDatabase, type Release } from './database.ts'
import { listen, nameOf } from './listen.ts'
import { isWorker, type Surroundings } from './surroundings.ts'

// Long enough for a load balancer to see that readiness is gone while new connections are still taken.
const refuseReadinessMilliseconds = 1_000
// What is then still in flight may take this long; with the above, and a database that does not answer, within 10 s.
const drainMilliseconds = 6_000

/** Serves until stopped, alone or by several processes. Resolves as soon as it serves: true, or false when a setting does
 * not allow it, which is then printed. */
export const serve = async (surroundings: Surroundings): Promise<boolean> => {
  const { environment, print } = surroundings
  const loaded = loadConfig(environment)
  if (isWorker(environment) && 'config' in loaded) {
    const { obeyPrimary } = await import('./worker.ts')
    const port = await serveHere(loaded.config, { ...surroundings, onServing: obeyPrimary })
    // Its channel to the primary would keep it alive.
    return port === undefined ? process.exit(1) : true
  }
  for (const warning of loaded.warnings) print(`warning: ${warning}`)
  if ('problems' in loaded) {
    for (const problem of loaded.problems) print(`error: ${problem}`)
    return false
  }
  const { config } = loaded
  if (config.workers > 1 && cluster.isWorker) {
    print('error: WORKERS cannot be used by a process of another cluster: leave it out.')
    return false
  }
  const release = await prepareDatabase(config, print)
  if (!release) return false
  const port = await (config.workers === 1 ? serveHere : serveByWorkers)(config, releasing(surroundings, release))
  if (port === undefined) {
    release()
    return false
  }
  announce(config, port, print)
  return true
}

/** The same, with the database given back once the service has stopped. */
const releasing = (surroundings: Surroundings, release: Release): Surroundings => ({
  ...surroundings,
  onServing: (port, stop) =>
    surroundings.onServing(port, async (reason) => {
      await stop(reason)
      release()
    }),
})

const serveByWorkers = async (config: Config, surroundings: Surroundings): Promise<number | undefined> => {
  const { serveByWorkers: run } = await import('./primary.ts')
  return run(config, surroundings)
}

/** Serves in this process.
 * @returns the port; undefined when a setting does not allow it, which is then printed */
const serveHere = async (
  config: Config,
  { environment, stdout, print, onServing }: Surroundings,
): Promise<number | undefined> => {
  const stores = await openStores(config)
  const server = await listen(config, print)
  if (!server) {
    await stores.close()
    return undefined
  }

  const log = await openLog({ level: config.logLevel, ...stdout, isOneOfMany: isWorker(environment) })
  const service = await createService({
    config,
    document: readContract(),
    stores,
    clock: systemClock,
    log: log.logger,
    port: server.port,
  })
  server.serve(service.handler)

  onServing(server.port, async ({ signal, err }) => {
    if (err) log.logger.fatal({ err }, 'crashed')
    log.logger.info({ signal }, 'stopping')
    service.startDraining()
    if (signal === 'SIGTERM' && config.mode === 'production') await delay(refuseReadinessMilliseconds)
    await server.close(drainMilliseconds)
    await stores.close()
    log.logger.info('stopped')
    await log.flush()
  })
  return server.port
}

const delay = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

const announce = ({ mode, issuer, host, workers }: Config, port: number, print: Surroundings['print']): void => {
  const url = `http://${nameOf(host)}:${port}`
  const processes = workers === 1 ? '' : ` by ${workers} processes`
  print(`Sesame runs in ${mode} mode${processes}${issuer && issuer !== url ? ` as ${issuer}` : ''}.`)
  print(`  service   ${url}`)
  print(`  docs      ${url}/docs`)
  print(`  contract  ${url}/openapi.yaml`)
}
