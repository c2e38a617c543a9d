import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import closeWithGrace from 'close-with-grace'
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

/** Runs the service until it is told to stop. */
export const serve = async (): Promise<void> => {
  const loaded = loadConfig({ ...readDotEnv(), ...process.env })
  for (const warning of loaded.warnings) console.error(`warning: ${warning}`)
  if ('problems' in loaded) {
    fail(...loaded.problems)
    return
  }
  const { config } = loaded
  let server: HttpServer
  try {
    server = await openServer(config)
  } catch (error) {
    fail(listenProblem(error as NodeJS.ErrnoException, config))
    return
  }
  const log = await openLog({ level: config.logLevel, isTerminal: process.stdout.isTTY })
  const service = await createService({
    config,
    document: readContract(),
    stores: openMemoryStores(),
    clock: systemClock,
    log: log.logger,
    port: server.port,
  })
  server.serve(service.handler)
  announce(config, server.port)

  closeWithGrace({ delay: 10_000, logger: false }, async ({ signal, err }) => {
    if (err) log.logger.fatal({ err }, 'crashed')
    log.logger.info({ signal }, 'stopping')
    service.startDraining()
    if (signal === 'SIGTERM' && config.mode === 'production')
      await new Promise((done) => setTimeout(done, refuseReadinessMilliseconds))
    await server.close(drainMilliseconds)
    log.logger.info('stopped')
    log.flush()
  })
}

/** The settings of `.env`, which do not override those of the environment. */
const readDotEnv = (): NodeJS.Dict<string> => (existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {})

const fail = (...lines: readonly string[]): void => {
  for (const line of lines) console.error(`error: ${line}`)
  process.exitCode = 1
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

const announce = ({ mode, issuer }: Config, port: number): void => {
  const url = `http://localhost:${port}`
  console.error(`Sesame runs in ${mode} mode${issuer && issuer !== url ? ` as ${issuer}` : ''}.`)
  console.error(`  service   ${url}`)
  console.error(`  docs      ${url}/docs`)
  console.error(`  contract  ${url}/openapi.yaml`)
}
