import cluster from 'node:cluster'
import { setTimeout as delay } from 'node:timers/promises'
import { systemClock } from '../clock.ts'
import { type Config, loadConfig } from '../config.ts'
import { readContract } from '../contract/document.ts'
import { openLog } from '../log.ts'
import { readVersion } from '../package.ts'
import { createService } from '../service.ts'
import { CommandError } from './command-error.ts'
import type { ServeContext } from './command.ts'
import { openStores, prepareDatabase } from './database.ts'
import { listen, nameOf } from './listen.ts'
import { configOf } from './read-config.ts'
import type { Running } from './running.ts'
import { isWorker } from './worker-environment.ts'

// The server still accepts connections for this long after readiness fails, so that a load balancer can react.
const refuseReadinessMilliseconds = 1_000
// The requests in flight may take this long after that. With a slow database, a stop takes at most 10 s.
const drainMilliseconds = 6_000

/** Starts the server, in this process or in several workers. Resolves once it serves.
 * @throws CommandError if a setting is wrong, or the port or the database cannot be used */
export const serve = async (context: ServeContext): Promise<Running> => {
  const { environment } = context
  const loaded = loadConfig(environment)
  // The supervisor has printed the warnings and prepared the database.
  if (isWorker(environment)) return serveHere(configOf(loaded), context)
  const print = (line: string): unknown => context.stderr.write(`${line}\n`)
  for (const warning of loaded.warnings) print(`warning: ${warning}`)
  const config = configOf(loaded)
  if (config.workers > 1 && cluster.isWorker)
    throw new CommandError('WORKERS cannot be set in a process of another cluster: remove it.', 2)
  const release = await prepareDatabase(config, print)
  try {
    const { port, banner, stop } = await (config.workers === 1 ? serveHere : serveInWorkers)(config, context)
    return { port, banner, stop: (reason) => stop(reason).finally(release) }
  } catch (error) {
    release()
    throw error
  }
}

const serveInWorkers = async (config: Config, context: ServeContext): Promise<Running> => {
  const { supervise } = await import('./supervisor.ts')
  const { port, stop } = await supervise(config, context)
  return { port, banner: bannerOf(config, port), stop }
}

/** Serves in this process. */
const serveHere = async (config: Config, { environment, stdout }: ServeContext): Promise<Running> => {
  const stores = await openStores(config)
  const server = await listen(config).catch(async (error: unknown) => {
    await stores.close()
    throw error
  })
  const { port } = server
  const { logger: log, flush } = await openLog({
    level: config.logLevel,
    fd: stdout.fd,
    isTTY: stdout.isTTY ?? false,
    isOneOfMany: isWorker(environment),
  })
  const service = await createService({ config, document: readContract(), stores, clock: systemClock, log, port })
  server.serve(service.handler)

  const stop: Running['stop'] = async ({ signal, err }) => {
    if (err) log.fatal({ err }, 'crashed')
    log.info({ signal }, 'stopping')
    service.startDraining()
    if (signal === 'SIGTERM' && config.mode === 'production') await delay(refuseReadinessMilliseconds)
    await server.close(drainMilliseconds)
    await stores.close()
    log.info('stopped')
    await flush()
  }
  return { port, banner: bannerOf(config, port), stop }
}

const bannerOf = ({ mode, issuer, host, workers, hasDocsPage }: Config, port: number): string => {
  const url = `http://${nameOf(host)}:${port}`
  const processes = workers === 1 ? '' : ` with ${workers} workers`
  const name = issuer && issuer !== url ? ` as ${issuer}` : ''
  return [
    `Sesame ${readVersion()} runs in ${mode} mode${processes}${name}.`,
    `  service   ${url}`,
    ...(hasDocsPage ? [`  docs      ${url}/docs`] : []),
    `  contract  ${url}/openapi.yaml`,
  ].join('\n')
}
