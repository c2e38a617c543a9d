import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { respondToParserError, type ParserErrorHandling } from './parser-errors.ts'

// A client has 10 s for its headers and 30 s for the whole request. Idle connections are kept a little longer
// than the usual 60 s of load balancers, so that it is never this side that closes one in use.
const serverOptions = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16_384,
  // Checked per operation instead, where the answer is a declared one.
  requireHostHeader: false,
}

export interface HttpServer {
  readonly port: number
  /** Begins to answer; requests that have come since the port was opened waited for this. */
  readonly serve: (handler: RequestHandler) => void
  /** Stops accepting, lets requests in flight finish, and resolves when the last connection is closed.
   * @param graceMilliseconds after which what is left is cut off */
  readonly close: (graceMilliseconds: number) => Promise<void>
}

export interface RequestHandler extends ParserErrorHandling {
  readonly callback: RequestListener
}

/** Opens the port on every address of the host: `localhost` is 127.0.0.1 and ::1.
 * @throws NodeJS.ErrnoException of the first address that cannot be had; one of a family that the machine lacks
 * is passed over while another is left */
export const openServer = async ({ host, port }: { host: string; port: number }): Promise<HttpServer> => {
  const addresses = await addressesOf(host)
  const servers: Server[] = []
  let bound = port
  let lacking: unknown
  for (const address of addresses) {
    const server = createServer(serverOptions)
    try {
      server.listen(bound, address)
      await once(server, 'listening')
    } catch (error) {
      lacking = error
      if (isFamilyLacking(error)) continue
      await Promise.all(servers.map((open) => close(open, 0)))
      throw error
    }
    servers.push(server)
    bound = (server.address() as AddressInfo).port
  }
  if (servers.length === 0) throw lacking

  const silent = trackSilentSockets(servers)
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
      for (const socket of silent) socket.destroy()
      await Promise.all(closed)
    },
  }
}

// Not every machine's hosts file has both for localhost, while browsers try both.
const addressesOf = async (host: string): Promise<readonly string[]> =>
  host === 'localhost' ? ['127.0.0.1', '::1'] : (await lookup(host, { all: true })).map(({ address }) => address)

const isFamilyLacking = (error: unknown): boolean =>
  ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes((error as NodeJS.ErrnoException).code ?? '')

/** The connections that have not sent a request yet. Node does not count them as idle, so that a browser's spare
 * one would hold up the end. */
const trackSilentSockets = (servers: readonly Server[]): ReadonlySet<Socket> => {
  const silent = new Set<Socket>()
  for (const server of servers) {
    server.on('connection', (socket) => {
      silent.add(socket)
      socket.once('close', () => silent.delete(socket))
    })
    const speaks = ({ socket }: IncomingMessage): unknown => silent.delete(socket)
    server.on('request', speaks)
    server.on('checkExpectation', speaks)
  }
  return silent
}

const close = async (server: Server, graceMilliseconds: number): Promise<void> => {
  const cutOff = setTimeout(() => server.closeAllConnections(), graceMilliseconds)
  await new Promise((resolve) => server.close(resolve))
  clearTimeout(cutOff)
}
