import { systemClock } from '../clock.ts'
import { type Config, loadConfig } from '../config.ts'
import { readContract } from '../contract/document.ts'
import { type HttpServer, openServer } from '../http/server.ts'
import { openLog } from '../log.ts'
import { createService } from '../service.ts'
import { openMemoryStores } from '../stores/stores.ts'

// Long enough for a load balancer to see that readiness is gone while new connections are still taken.
const refuseReadinessMilliseconds = 1_000
// What is then still in flight may take this long; with the above well within 10 s.
const drainMilliseconds = 7_000

/** Drains and closes. A SIGTERM in production comes from a supervisor, whose load balancer is given time. */
export type Stop = (reason: { readonly signal?: string | undefined; readonly err?: unknown }) => Promise<void>

/** What a process gives the service that it runs. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Where the log goes. */
  readonly stdout: { readonly fd: number; readonly isTTY: boolean }
  /** Writes a line for a person. */
  readonly print: (line: string) => unknown
  /** Takes over how to stop, before anyone is told that there is something to stop. */
  readonly onServing: (port: number, stop: Stop) => void
}

/** Serves until stopped. Resolves as soon as it serves: true, or false when a setting does not allow it, which is
 * then printed. */
export const serve = async ({ environment, stdout, print, onServing }: Surroundings): Promise<boolean> => {
  const loaded = loadConfig(environment)
  for (const warning of loaded.warnings) print(`warning: ${warning}`)
  if ('problems' in loaded) {
    for (const problem of loaded.problems) print(`error: ${problem}`)
    return false
  }
  const { config } = loaded
  const server = await listen(config, print)
  if (!server) return false

  const log = await openLog({ level: config.logLevel, ...stdout })
  const service = await createService({
    config,
    document: readContract(),
    stores: openMemoryStores(config.sessionLifetimes),
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
    log.logger.info('stopped')
    log.flush()
  })
  announce(config, server, print)
  return true
}

const delay = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Opens the server; undefined when a setting does not allow it, which is then printed. */
export const listen = async (config: Config, print: Surroundings['print']): Promise<HttpServer | undefined> => {
  try {
    return await openServer(config)
  } catch (error) {
    print(`error: ${listenProblem(error as NodeJS.ErrnoException, config)}`)
    return undefined
  }
}

/** Why the port could not be opened: the setting, and what to do. */
const listenProblem = (error: NodeJS.ErrnoException, { host, port }: Config): string => {
  switch (error.code) {
    case 'EADDRINUSE':
      return `PORT ${port} is in use: stop the program that has it, or set PORT to another one.`
    case 'EACCES':
      return `PORT ${port} needs privileges that this user does not have: set PORT to 1024 or more.`
    case 'EADDRNOTAVAIL':
      return `HOST ${host} is no address of this machine: set HOST to localhost, or to 0.0.0.0 for all its addresses.`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST ${host} is unknown: set HOST to localhost, or to 0.0.0.0 for all addresses of this machine.`
    default:
      return `HOST ${host} and PORT ${port} cannot be listened on (${error.code ?? error.message}): set others.`
  }
}

const announce = ({ mode, issuer, host }: Config, { port }: HttpServer, print: Surroundings['print']): void => {
  const url = `http://${nameOf(host)}:${port}`
  print(`Sesame runs in ${mode} mode${issuer && issuer !== url ? ` as ${issuer}` : ''}.`)
  print(`  service   ${url}`)
  print(`  docs      ${url}/docs`)
  print(`  contract  ${url}/openapi.yaml`)
}

/** How a browser on this machine calls the host. */
export const nameOf = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
