import type Koa from 'koa'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { RequestState } from './context.ts'
import type { HeaderList } from './headers.ts'
import type { RequestHandler } from './server.ts'

const isDisconnect = ({ code }: NodeJS.ErrnoException): boolean => code === 'ECONNRESET' || code === 'EPIPE'

/** Adapts a Koa app to the HTTP server.
 * @param headers the headers of responses to requests that never reach the app */
export const createRequestHandler = (
  app: Koa<RequestState>,
  { headers, clock, log }: { readonly headers: HeaderList; readonly clock: Clock; readonly log: Logger },
): RequestHandler => {
  // The app itself responds to every error, so this listener only logs. Disconnects go to level debug, because they could
  // fill the log.
  app.on('error', (error: NodeJS.ErrnoException) =>
    log[isDisconnect(error) ? 'debug' : 'error']({ err: error }, 'error outside a request'),
  )
  const handle = app.callback()
  return {
    callback: (request, response) => void handle(request, response),
    headers,
    uuid: clock.uuid,
    onParserError: (entry) => log.info(entry, 'request'),
  }
}
