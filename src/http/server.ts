import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { respondToParserError, type ParserErrorHandling } from './parser-errors.ts'

// A client has 10 s for its headers and 30 s for the whole request. Load balancers usually close idle connections after
// 60 s. We wait longer, so that we never close a connection that one of them is about to use.
const serverOptions = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16_384,
  // Operations check the Host header themselves, so that the response is a declared one.
  requireHostHeader: false,
}

export interface HttpServer {
  readonly port: number
  /** Starts to handle requests, including those that arrived since the port was opened. */
  readonly serve: (handler: RequestHandler) => void
  /** Stops accepting connections, lets requests in flight finish, and resolves when the last connection is closed.
   * @param graceMilliseconds after this time, the remaining connections are destroyed */
  readonly close: (graceMilliseconds: number) => Promise<void>
}

export interface RequestHandler extends ParserErrorHandling {
  readonly callback: RequestListener
}

/** Opens the port on every address of the host. `localhost` means 127.0.0.1 and ::1. Skips addresses that the machine does
 * not have.
 * @throws NodeJS.ErrnoException when the port is taken or forbidden, or when the machine has none of the addresses */
export const openServer = async ({ host, port }: { host: string; port: number }): Promise<HttpServer> => {
  const addresses = await addressesOf(host)
  const servers: Server[] = []
  let bound = port
  let lastError: unknown
  for (const address of addresses) {
    const server = createServer(serverOptions)
    try {
      server.listen(bound, address)
      await once(server, 'listening')
    } catch (error) {
      lastError = error
      if (isMissingAddress(error)) continue
      await Promise.all(servers.map((open) => close(open, 0)))
      throw error
    }
    servers.push(server)
    bound = (server.address() as AddressInfo).port
  }
  if (servers.length === 0) throw lastError

  const unused = trackUnusedSockets(servers)
  const waiting: Parameters<RequestListener>[] = []
  const wait: RequestListener = (...exchange) => void waiting.push(exchange)
  for (const server of servers) server.on('request', wait)

  return {
    port: bound,
    serve: (handler) => {
      for (const server of servers) {
        server.off('request', wait)
        server.on('request', handler.callback)
        server.on('checkExpectation', handler.callback)
        server.on('clientError', (error, socket) => respondToParserError(error, socket, handler))
      }
      for (const exchange of waiting.splice(0)) handler.callback(...exchange)
    },
    close: async (graceMilliseconds) => {
      const closed = servers.map((server) => close(server, graceMilliseconds))
      for (const socket of unused) socket.destroy()
      await Promise.all(closed)
    },
  }
}

// Browsers try both addresses of localhost, but the hosts file of some machines has only one of them.
const addressesOf = async (host: string): Promise<readonly string[]> =>
  host === 'localhost' ? ['127.0.0.1', '::1'] : (await lookup(host, { all: true })).map(({ address }) => address)

const isMissingAddress = (error: unknown): boolean =>
  ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes((error as NodeJS.ErrnoException).code ?? '')

/** Tracks the connections that have not sent a request yet. Node does not count them as idle, so a browser's spare
 * connection would delay the shutdown. */
const trackUnusedSockets = (servers: readonly Server[]): ReadonlySet<Socket> => {
  const unused = new Set<Socket>()
  for (const server of servers) {
    server.on('connection', (socket) => {
      unused.add(socket)
      socket.once('close', () => unused.delete(socket))
    })
    const markUsed = ({ socket }: IncomingMessage): unknown => unused.delete(socket)
    server.on('request', markUsed)
    server.on('checkExpectation', markUsed)
  }
  return unused
}

const close = async (server: Server, graceMilliseconds: number): Promise<void> => {
  const timer = setTimeout(() => server.closeAllConnections(), graceMilliseconds)
  await new Promise((resolve) => server.close(resolve))
  clearTimeout(timer)
}
