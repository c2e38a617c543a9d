import cors from '@koa/cors'
import Koa, { type Context, type Middleware, type Next } from 'koa'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Conformance } from '../contract/conformance.ts'
import type { Caller } from '../contract/types.ts'
import { Failure } from '../failure.ts'
import type { AnyReply, Dispatch } from './dispatch.ts'
import { countHeader, type HeaderList, setHeaders } from './headers.ts'
import { type FailureAnswer, renderFailure } from './problems.ts'
import type { ContractOperation, FindRoute } from './routes.ts'

export interface AppParts {
  readonly findRoute: FindRoute
  readonly dispatch: Dispatch
  /** Serves what is no operation of the contract. */
  readonly pages: Middleware
  readonly headers: HeaderList
  /** What Access-Control-Allow-Origin answers to an origin; empty where it is not allowed. */
  readonly allowOrigin: (origin: string) => string
  /** Given in development and in tests: an answer that it objects to becomes a 500. */
  readonly conformance: Conformance | undefined
  readonly isDraining: () => boolean
  readonly clock: Clock
  readonly log: Logger
}

/** What a request is known by while it is under way. */
interface State {
  requestId: string
  /** Of the client: asked for now, since a connection that is gone has none. */
  address: string
  operation?: ContractOperation
  /** The path of the contract, or of the page, for the log. */
  route?: string
  isPage?: boolean
  /** Once its token was found valid. */
  caller?: Caller
}

/** The way of a request: everything is answered, logged and checked here; CORS; the contract; the pages. */
export const createApp = (parts: AppParts): Koa => {
  const app = new Koa()
  app.use(answer(parts))
  app.use(crossOrigin(parts.allowOrigin))
  app.use(contract(parts))
  app.use(parts.pages)
  app.use(() => Promise.reject(new Failure('not-found')))
  return app
}

/** The one exit: whatever was thrown becomes a declared answer; every answer gets its headers and its log line. */
const answer = ({ headers, conformance, isDraining, clock, log }: AppParts): Middleware => {
  const writeFailure = (ctx: Context, thrown: unknown): void => {
    const state = ctx.state as State
    const failure = asFailure(thrown)
    const form = state.operation?.errorForm ?? 'problem'
    const rendered = failure && renderFailure(failure, form, state.requestId)
    if (!rendered || rendered.status === 500) log.error({ id: state.requestId, err: thrown }, 'failed')
    else if (failure.cause !== undefined) log.warn({ id: state.requestId, err: failure.cause }, failure.code)
    else log.debug({ id: state.requestId, why: failure.message }, failure.code)
    writeRendered(ctx, rendered ?? internalError(form, state.requestId))
  }

  const refuseUndeclared = (ctx: Context): void => {
    const state = ctx.state as State
    if (conformance === undefined || (state.isPage && ctx.status < 400)) return
    const body = ctx.method === 'HEAD' ? undefined : ((ctx.body as string | undefined) ?? '')
    const violations = conformance(state.operation?.id, {
      status: ctx.status,
      headers: ctx.response.headers,
      body,
    })
    if (violations.length > 0) writeFailure(ctx, new Error(`An undeclared answer: ${violations.join('; ')}`))
  }

  return async (ctx: Context, next: Next) => {
    const start = performance.now()
    const state = ctx.state as State
    state.requestId = clock.uuid()
    state.address = ctx.ip
    ctx.res.setHeader('X-Request-Id', state.requestId)
    try {
      await next()
    } catch (thrown) {
      writeFailure(ctx, thrown)
    }
    if (!state.isPage || ctx.status >= 400) setHeaders(ctx.res, headers)
    if (isDraining()) ctx.res.setHeader('Connection', 'close')
    refuseUndeclared(ctx)
    log.info(
      {
        id: state.requestId,
        method: ctx.method,
        route: state.route,
        status: ctx.status,
        ms: Math.round((performance.now() - start) * 100) / 100,
        caller: state.caller?.username,
      },
      'request',
    )
  }
}

/** Undefined for what is a defect and not the caller's doing. */
const asFailure = (thrown: unknown): Failure | undefined => {
  if (thrown instanceof Failure) return thrown
  // What Koa's own modules throw for a request they cannot read, such as a path that is not decodable.
  const { status, expose, code } = thrown as { status?: unknown; expose?: unknown; code?: unknown }
  const isUnreadable = (expose === true && status === 400) || code === 'ERR_INVALID_URL'
  return isUnreadable ? new Failure('malformed-request') : undefined
}

const internalError = (form: 'problem' | 'oauth', requestId: string): FailureAnswer =>
  renderFailure(new Failure('internal-error'), form, requestId) as FailureAnswer

const writeRendered = (ctx: Context, { status, mediaType, headers, body }: FailureAnswer): void => {
  setHeaders(ctx.res, headers)
  writeJson(ctx, status, mediaType, body)
}

const writeJson = (ctx: Context, status: number, mediaType: string, body: unknown): void => {
  ctx.status = status
  // Windows PowerShell 5 takes JSON without a charset for Latin-1.
  ctx.res.setHeader('Content-Type', `${mediaType}; charset=utf-8`)
  ctx.body = JSON.stringify(body)
}

/** CORS, for requests that name an origin. */
const crossOrigin = (allowOrigin: AppParts['allowOrigin']): Middleware => {
  const answerOrigin = cors({
    origin: (ctx) => allowOrigin(ctx.get('Origin')),
    allowMethods: ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'PATCH'],
    allowHeaders: ['Authorization', 'Content-Type', 'X-Requested-With'],
    exposeHeaders: ['ETag', 'Retry-After', 'WWW-Authenticate', 'X-Request-Id'],
    maxAge: 600,
  })
  return (ctx, next) => (ctx.req.headers.origin === undefined ? next() : answerOrigin(ctx, next))
}

/** Answers what the contract declares; passes on what it does not know. */
const contract =
  ({ findRoute, dispatch }: AppParts): Middleware =>
  async (ctx, next) => {
    const { expect } = ctx.req.headers
    if (expect !== undefined && expect.toLowerCase() !== '100-continue') throw new Failure('expectation-failed')
    const route = findRoute(ctx.path)
    if (!route) return next()
    ctx.state.route = route.path
    const method = ctx.method === 'HEAD' ? 'get' : ctx.method.toLowerCase()
    const operation = route.operations.get(method as ContractOperation['method'])
    if (operation) {
      ctx.state.operation = operation
      refuseAmbiguity(ctx)
      writeReply(ctx, operation, await dispatch(ctx, operation))
      return
    }
    if (ctx.method !== 'OPTIONS') throw new Failure('method-not-allowed', { allow: route.allow })
    ctx.status = 204
    ctx.res.setHeader('Allow', route.allow)
  }

/** Two Host or two Authorization headers: another server on the way may have read the other one. */
const refuseAmbiguity = ({ req }: Context): void => {
  const hosts = countHeader(req.rawHeaders, 'host')
  if (hosts > 1 || (hosts === 0 && req.httpVersion !== '1.0'))
    throw new Failure('malformed-request', { detail: 'The request must have exactly one Host header' })
  if (countHeader(req.rawHeaders, 'authorization') > 1) throw new Failure('invalid-token')
}

const writeReply = (ctx: Context, { id, mediaTypes }: ContractOperation, { status, body, headers }: AnyReply): void => {
  const mediaType = mediaTypes.get(status)
  for (const [name, value] of Object.entries(headers ?? {})) ctx.res.setHeader(name, value)
  if (mediaType !== undefined) {
    writeJson(ctx, status, mediaType, body)
    return
  }
  if (body !== undefined) throw new Error(`${id} answers ${status} with a body that is not declared`)
  ctx.status = status
}
