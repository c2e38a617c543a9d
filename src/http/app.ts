import type { IncomingMessage } from 'node:http'
import cors from '@koa/cors'
import Koa from 'koa'
import type { Clock } from '../clock.ts'
import type { Conformance } from '../contract/conformance.ts'
import type { Routes } from '../contract/routes.ts'
import { Failure } from '../failure.ts'
import type { Log } from '../log.ts'
import type { Context, Middleware, RequestState, ServedOperation } from './context.ts'
import type { Dispatch } from './dispatch.ts'
import { type HeaderList, refuseDuplicateHeaders } from './headers.ts'
import type { Pages } from './pages.ts'
import { addHeaders, renderReply, send, violationsOf } from './response.ts'
import { renderThrown } from './thrown.ts'

export interface AppParts {
  readonly routes: Routes<ServedOperation>
  readonly dispatch: Dispatch
  readonly pages: Pages
  /** The headers of every response except pages. */
  readonly headers: HeaderList
  /** The value of Access-Control-Allow-Origin for an origin; empty when the origin is not allowed. */
  readonly allowOrigin: (origin: string) => string
  /** Defined in development and in tests, where a response that violates the contract becomes a 500. */
  readonly conformance: Conformance | undefined
  readonly isDraining: () => boolean
  readonly clock: Clock
  readonly log: Log
}

/** Assembles the middleware, outermost first. `respond` runs the others, then sends and logs the response. */
export const createApp = (parts: AppParts): Koa<RequestState> => {
  const app = new Koa<RequestState>()
  app.use(respond(parts))
  app.use(crossOrigin(parts.allowOrigin))
  app.use(serveContract(parts))
  app.use(parts.pages.serve)
  return app
}

/** Sends every response with the common headers, and logs it. Any thrown value becomes a declared response. */
const respond = ({ headers, conformance, isDraining, clock, log }: AppParts): Middleware => {
  const commonHeaders = ({ requestId, isPage, response }: RequestState): HeaderList => [
    'X-Request-Id',
    requestId,
    ...(isDraining() ? ['Connection', 'close'] : []),
    ...(isPage && !response ? [] : headers),
  ]

  const replaceViolating = (ctx: Context): void => {
    try {
      const violations = conformance ? violationsOf(ctx, commonHeaders(ctx.state), conformance) : []
      if (violations.length > 0) throw new Error(`The response violates the contract: ${violations.join('; ')}`)
    } catch (error) {
      ctx.state.response = renderThrown(error, ctx.state, log)
    }
  }

  return async (ctx, next) => {
    const start = performance.now()
    const { req, state } = ctx
    state.requestId = clock.uuid()
    state.address = req.socket.remoteAddress ?? ''
    try {
      await next()
      if (!hasResponse(ctx)) throw notFound
    } catch (thrown) {
      state.response = renderThrown(thrown, state, log)
    }
    replaceViolating(ctx)
    if (state.response) send(ctx, state.response, commonHeaders(state))
    // Koa itself sends pages and preflights.
    else addHeaders(ctx, commonHeaders(state))
    log.request({
      id: state.requestId,
      method: req.method ?? '',
      route: state.route,
      status: state.response?.status ?? ctx.status,
      milliseconds: performance.now() - start,
      caller: state.caller?.username,
    })
  }
}

// All requests share one error, because creating one is costly and scanners request many unknown paths.
const notFound = new Failure('not-found')

// Koa's status stays 404 until a middleware responds.
const hasResponse = ({ state, status }: Context): boolean => state.response !== undefined || status !== 404

/** Adds the CORS headers to responses when the request has an Origin header. */
const crossOrigin = (allowOrigin: AppParts['allowOrigin']): Middleware => {
  const allowByOrigin = cors({
    origin: (ctx) => allowOrigin(ctx.get('Origin')),
    allowMethods: ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'PATCH'],
    allowHeaders: ['Authorization', 'Content-Type', 'X-Requested-With'],
    exposeHeaders: ['ETag', 'Retry-After', 'WWW-Authenticate', 'X-Request-Id'],
    maxAge: 600,
  })
  return (ctx, next) => (ctx.req.headers.origin === undefined ? next() : allowByOrigin(ctx, next))
}

/** Handles requests to operations. Requests that may be for pages go to the next middleware. */
const serveContract =
  ({ routes, dispatch, pages }: AppParts): Middleware =>
  async (ctx, next) => {
    const { req, state } = ctx
    refuseExpectation(req)
    // Most targets are the exact path of an operation, so they need no parsing.
    const match = routes.findExact(req.url ?? '') ?? routes.find(pathOf(ctx))
    // Without a response, `respond` sends a 404. That is cheaper than throwing here.
    if (!match) return pages.mayServe(ctx.path) ? next() : undefined
    const { route, parameters } = match
    state.route = route.path
    const operation = route.operations.get(req.method === 'HEAD' ? 'get' : (req.method ?? '').toLowerCase())
    if (operation) {
      state.operation = operation
      refuseDuplicateHeaders(req)
      state.response = renderReply(operation, await dispatch(ctx, operation, parameters))
      return
    }
    if (req.method !== 'OPTIONS') throw new Failure('method-not-allowed', { allow: route.allow })
    ctx.status = 204
    ctx.set('Allow', route.allow)
  }

/** @throws Failure 'malformed-request' when Koa finds no path in the target, as in `http://` */
const pathOf = ({ path }: Context): string => {
  if (!path) throw new Failure('malformed-request')
  return path
}

const refuseExpectation = ({ headers: { expect } }: IncomingMessage): void => {
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') throw new Failure('expectation-failed')
}
