import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { Failure, type FailureCode } from '../failure.ts'
import { headerEntries, type HeaderList } from './headers.ts'
import { renderFailure } from './problems.ts'
import { headersOf } from './response.ts'

/** What `respondToParserError` requires for its response. */
export interface ParserErrorHandling {
  readonly headers: HeaderList
  readonly uuid: () => string
  readonly onParserError: (entry: { id: string; status: number }) => void
}

// How long a refused client may keep sending before we destroy its connection.
const drainMilliseconds = 2_000

// Connections that received their response. We discard their remaining input.
const refused = new WeakSet<Duplex>()

// Requests whose body is malformed HTTP. The rest of such a body never arrives.
const broken = new WeakSet<IncomingMessage>()

export const isBroken = (request: IncomingMessage): boolean => broken.has(request)

const parserFailures: Readonly<Record<string, FailureCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
}

/** Responds to a request that Node's parser refuses or that timed out. It keeps reading for 2 s, because closing a
 * connection with unread data resets it. The client could then lose the response. */
export const respondToParserError = (
  error: NodeJS.ErrnoException,
  socket: Duplex,
  handling: ParserErrorHandling,
): void => {
  // Since Node 24 the parser continues after an error and reports every later one.
  if (refused.has(socket)) return
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { _httpMessage: inFlight } = socket as { _httpMessage?: ServerResponse | null }
  if (inFlight && (inFlight.headersSent || error.code !== 'ERR_HTTP_REQUEST_TIMEOUT')) {
    // The operation responds to the request in flight. A second response would be wrong.
    inFlight.shouldKeepAlive = false
    if (!inFlight.req.complete) {
      broken.add(inFlight.req)
      // Without this event, a reader of the body would wait for the rest of it.
      inFlight.req.emit('aborted')
    }
    return
  }
  refused.add(socket)
  const id = handling.uuid()
  const failure = new Failure(parserFailures[error.code ?? ''] ?? 'malformed-request')
  const response = renderFailure(failure, 'problem', id)
  const own = ['X-Request-Id', id, 'Date', new Date().toUTCString(), 'Connection', 'close']
  const headers = headerEntries([...own, ...handling.headers, ...headersOf(response)])
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.removeAllListeners('data')
  socket.end(`HTTP/1.1 ${response.status} ${STATUS_CODES[response.status]}\r\n${head}\r\n${response.content?.text}`)
  socket.resume()
  setTimeout(() => socket.destroy(), drainMilliseconds).unref()
  handling.onParserError({ id, status: response.status })
}
