import type Koa from 'koa'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { RequestState } from './context.ts'
import type { HeaderList } from './headers.ts'
import type { RequestHandler } from './server.ts'

const hasHungUp = ({ code }: NodeJS.ErrnoException): boolean => code === 'ECONNRESET' || code === 'EPIPE'

/** What a server asks to answer requests by an app.
 * @param headers of the answers that are given before the app sees the request */
export const createRequestHandler = (
  app: Koa<RequestState>,
  { headers, clock, log }: { readonly headers: HeaderList; readonly clock: Clock; readonly log: Logger },
): RequestHandler => {
  // Everything that reaches Koa's own handler would be a second exit; the app answers all by itself. Callers that hang up
  // are no failure, and could fill the log.
  app.on('error', (error: NodeJS.ErrnoException) =>
    log[hasHungUp(error) ? 'debug' : 'error']({ err: error }, 'failed outside a request'),
  )
  const answer = app.callback()
  return {
    callback: (request, response) => void answer(request, response),
    headers,
    uuid: clock.uuid,
    onParserError: (entry) => log.info(entry, 'request'),
  }
}
