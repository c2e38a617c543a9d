import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { Failure, type FailureCode } from '../failure.ts'
import { headerEntries, type HeaderList } from './headers.ts'
import { renderFailure } from './problems.ts'
import { headersOf } from './response.ts'

/** What a response to a request that Node's parser refuses is made with. */
export interface ParserErrorHandling {
  readonly headers: HeaderList
  readonly uuid: () => string
  readonly onParserError: (entry: { id: string; status: number }) => void
}

// How long a refused client may go on sending before its connection is destroyed.
const drainMilliseconds = 2_000

// The connections that were answered and are only drained now.
const refused = new WeakSet<Duplex>()

const parserFailures: Readonly<Record<string, FailureCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
}

/** Answers what the parser could not make a request of. The rest of what the client sends is read and dropped for
 * a while: a connection closed with unread data is reset, and the answer lost. */
export const answerParserError = (
  error: NodeJS.ErrnoException,
  socket: Duplex,
  handling: ParserErrorHandling,
): void => {
  // From Node 24 on the parser goes on, and complains of all that follows.
  if (refused.has(socket)) return
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { _httpMessage: inFlight } = socket as { _httpMessage?: ServerResponse | null }
  if (inFlight && (inFlight.headersSent || error.code !== 'ERR_HTTP_REQUEST_TIMEOUT')) {
    // The request in flight gets the response of its operation, and no second one.
    inFlight.shouldKeepAlive = false
    // Whoever reads its body would otherwise wait for the rest.
    if (!inFlight.req.complete) inFlight.req.emit('aborted')
    return
  }
  refused.add(socket)
  const id = handling.uuid()
  const failure = new Failure(parserFailures[error.code ?? ''] ?? 'malformed-request')
  const response = renderFailure(failure, 'problem', id)
  const headers = headerEntries([
    ...['X-Request-Id', id, 'Date', new Date().toUTCString(), 'Connection', 'close'],
    ...handling.headers,
    ...headersOf(response),
  ])
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.removeAllListeners('data')
  socket.end(`HTTP/1.1 ${response.status} ${STATUS_CODES[response.status]}\r\n${head}\r\n${response.content?.text}`)
  socket.resume()
  setTimeout(() => socket.destroy(), drainMilliseconds).unref()
  handling.onParserError({ id, status: response.status })
}
