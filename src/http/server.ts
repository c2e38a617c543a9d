import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Failure, type FailureCode } from '../failure.ts'
import type { HeaderList } from './headers.ts'
import { renderFailure } from './problems.ts'

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

// How long a refused client may go on sending before it is cut off.
const drainMilliseconds = 2_000

export interface HttpServer {
  readonly port: number
  /** Begins to answer; requests that have come since the port was opened waited for this. */
  readonly serve: (handler: RequestHandler) => void
  /** Stops accepting, lets requests in flight finish, and resolves when the last connection is closed.
   * @param graceMilliseconds after which what is left is cut off */
  readonly close: (graceMilliseconds: number) => Promise<void>
}

export interface RequestHandler {
  readonly callback: RequestListener
  /** For answers that are given before a request exists. */
  readonly headers: HeaderList
  readonly uuid: () => string
  readonly onParserError: (entry: { id: string; status: number }) => void
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
        server.on('clientError', (error, socket) => answerParserError(error, socket, handler))
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

// The connections that were answered and are only drained now.
const refused = new WeakSet<Duplex>()

const parserFailures: Readonly<Record<string, FailureCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
}

/** Answers what the parser could not make a request of. The rest of what the client sends is read and dropped for
 * a while: a connection closed with unread data is reset, and the answer lost. */
const answerParserError = (error: NodeJS.ErrnoException, socket: Duplex, handler: RequestHandler): void => {
  // From Node 24 on the parser goes on, and complains of all that follows.
  if (refused.has(socket)) return
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const inFlight = (socket as { _httpMessage?: ServerResponse | null })._httpMessage
  if (inFlight && (inFlight.headersSent || error.code !== 'ERR_HTTP_REQUEST_TIMEOUT')) {
    // What follows an answer that is under way is not the place for another one.
    inFlight.shouldKeepAlive = false
    return
  }
  refused.add(socket)
  const id = handler.uuid()
  const rendered = renderFailure(new Failure(parserFailures[error.code ?? ''] ?? 'malformed-request'), 'problem', id)
  if (!rendered) return
  const body = JSON.stringify(rendered.body)
  const headers: HeaderList = [
    ['X-Request-Id', id],
    ['Date', new Date().toUTCString()],
    ['Connection', 'close'],
    ['Content-Type', `${rendered.mediaType}; charset=utf-8`],
    ['Content-Length', String(Buffer.byteLength(body))],
    ...handler.headers,
  ]
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.removeAllListeners('data')
  socket.end(`HTTP/1.1 ${rendered.status} ${STATUS_CODES[rendered.status]}\r\n${head}\r\n${body}`)
  socket.resume()
  setTimeout(() => socket.destroy(), drainMilliseconds).unref()
  handler.onParserError({ id, status: rendered.status })
}
