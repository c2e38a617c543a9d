import type { Config } from '../config.ts'
import { type HttpServer, openServer } from '../http/server.ts'
import { CommandError } from './command-error.ts'

/** Opens the server.
 * @throws CommandError if HOST or PORT is not available */
export const listen = async (config: Config): Promise<HttpServer> => {
  try {
    return await openServer(config)
  } catch (error) {
    throw new CommandError(listenProblem(error as NodeJS.ErrnoException, config))
  }
}

/** Names the wrong setting, and says how to correct it. */
const listenProblem = (error: NodeJS.ErrnoException, { host, port }: Config): string => {
  switch (error.code) {
    case 'EADDRINUSE':
      return `PORT ${port} is in use: stop the program that uses it, or set another PORT.`
    case 'EACCES':
      return `PORT ${port} needs privileges that this user does not have: set PORT to 1024 or more.`
    case 'EADDRNOTAVAIL':
      return `HOST ${host} is not an address of this machine: set HOST to localhost, or to 0.0.0.0 for all its addresses.`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST ${host} is unknown: set HOST to localhost, or to 0.0.0.0 for all addresses of this machine.`
    default:
      return `The server cannot listen on HOST ${host} and PORT ${port} (${error.code ?? error.message}): set others.`
  }
}

/** The host name for a browser on this machine. */
export const nameOf = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
