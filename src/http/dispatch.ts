import type { Context } from 'koa'
import { type Context as MatchedContext, type Document, OpenAPIBackend, type Request } from 'openapi-backend'
import type { Logger } from 'pino'
import type { AuditEvent } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { ContractDocument } from '../contract/document.ts'
import type { Caller, Handlers } from '../contract/types.ts'
import { Failure } from '../failure.ts'
import { type Authenticate, authenticateBearer } from './bearer.ts'
import { refuseInsufficient } from './demands.ts'
import { invalidRequest } from './invalid-request.ts'
import type { ContractOperation } from './routes.ts'

/** An operation's answer, the types of the contract taken off. */
export interface AnyReply {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string | number>> | undefined
}

/** Runs an operation for a request that was matched to it: security, then the body, then validation, then the
 * handler.
 * @throws Failure of any of these */
export type Dispatch = (ctx: Context, operation: ContractOperation) => Promise<AnyReply>

/** What openapi-backend is given: the request, and the operation that http/routes.ts has found for it. */
interface MatchedRequest extends Request {
  readonly operation: ContractOperation
}

type AnyHandler = (input: unknown) => Promise<AnyReply>

/** Builds the dispatcher: openapi-backend in strict mode, with every failure handler registered, since without
 * one it lets the request pass. */
export const createDispatch = async (parts: {
  readonly document: ContractDocument
  readonly handlers: Handlers
  readonly authenticate: Authenticate
  readonly clock: Clock
  readonly log: Logger
}): Promise<Dispatch> => {
  const { document, log } = parts
  // The one cast: the contract's types end here, at openapi-backend, which knows none.
  const handlers = parts.handlers as unknown as Readonly<Record<string, AnyHandler>>

  const callHandler = (id: string) => async (c: MatchedContext, ctx: Context) =>
    (handlers[id] as AnyHandler)({
      body: c.request.requestBody,
      params: c.request.params,
      query: c.request.query,
      caller: ctx.state.caller,
      audit: (event: AuditEvent) => writeEvent(log, ctx, event),
    })

  const api = new OpenAPIBackend({
    definition: document as unknown as Document,
    strict: true,
    // The meta-schema is checked by `npm run check`; here it would cost most of the start.
    quick: true,
    // Of parameters alone; the bodies of requests have no defaults.
    coerceTypes: true,
    ajvOpts: { allErrors: true, verbose: true, validateFormats: false, useDefaults: true },
    handlers: {
      ...Object.fromEntries(Object.keys(handlers).map((id) => [id, callHandler(id)])),
      postSecurityHandler: readBody,
      unauthorizedHandler: refuse,
      validationFail: (c) => Promise.reject(invalidRequest(c.validation.errors ?? [])),
      notFound: unreachable,
      methodNotAllowed: unreachable,
      notImplemented: unreachable,
    },
    securityHandlers: Object.fromEntries(
      Object.keys(document.components.securitySchemes).map((scheme) => [scheme, authenticateFor(parts)]),
    ),
  })
  await api.init()
  skipRepeatedWork(api)

  return async (ctx, operation) => {
    const request: MatchedRequest = {
      method: operation.method,
      path: ctx.path,
      headers: ctx.headers as Record<string, string>,
      query: operation.hasParameters ? ctx.querystring : '',
      operation,
    }
    return (await api.handleRequest(request, ctx, request)) as AnyReply
  }
}

/** Whatever the scheme is called, it is a bearer token. What openapi-backend makes of the scopes, which is nothing, is
 * done here. */
const authenticateFor =
  ({ authenticate, clock }: { readonly authenticate: Authenticate; readonly clock: Clock }) =>
  async (_c: MatchedContext, { req, state }: Context, { operation: { demands } }: MatchedRequest): Promise<Caller> => {
    const caller = await authenticateBearer(req, authenticate)
    state.caller = caller
    if (demands) refuseInsufficient(demands, caller, clock.nowSeconds())
    return caller
  }

const writeEvent = (log: Logger, { state }: Context, event: AuditEvent): void => {
  const level = event.event === 'reuse_detected' ? 'warn' : 'info'
  log[level]({ id: state.requestId, address: state.address, ...event }, 'audit')
}

/** Reads the body of a request that may be here at all; a handler of openapi-backend. */
const readBody = async (c: MatchedContext, ctx: Context, request: MatchedRequest): Promise<void> => {
  const { operation } = request
  if (operation.readBody === undefined || (operation.isSecured && !c.security.authorized)) return
  request.body = await operation.readBody(ctx)
  c.request.requestBody = request.body
}

/** Throws what the security handler threw; openapi-backend has kept it as `error`. */
const refuse = async (c: MatchedContext): Promise<never> => {
  const results = Object.values(c.security) as (Caller | { readonly error?: Error | undefined } | boolean)[]
  for (const result of results) if (typeof result === 'object' && 'error' in result && result.error) throw result.error
  throw new Failure('not-authenticated')
}

const unreachable = (): never => {
  throw new Error('openapi-backend was given a request that matches no operation')
}

/** openapi-backend matches and parses each request anew, three times over, at a price that grows with the
 * contract. Here matching is done before, and what an operation does not declare is not looked for. */
const skipRepeatedWork = (api: OpenAPIBackend): void => {
  const { router, validator } = api
  const parseRequest = router.parseRequest.bind(router)
  const validateRequest = validator.validateRequest.bind(validator)
  // Alternatives all ask for the same bearer token, which need not be verified once for each.
  const operations = new Map(
    router
      .getOperations()
      .map((operation) => [operation.operationId, { ...operation, security: (operation.security ?? []).slice(0, 1) }]),
  )

  router.matchOperation = (request: Request) => {
    const found = operations.get((request as MatchedRequest).operation.id)
    return found ?? unreachable()
  }
  router.parseRequest = (request: Request) => {
    const { operation } = request as MatchedRequest
    if (operation.hasParameters) {
      const parsed = parseDecodable(() => parseRequest(request, operations.get(operation.id)))
      return { ...parsed, requestBody: request.body, query: pick(parsed.query, operation.queryNames) }
    }
    return {
      method: request.method,
      path: request.path,
      headers: request.headers,
      params: {},
      query: {},
      cookies: {},
      requestBody: request.body,
    }
  }
  validator.validateRequest = (request, operation) => {
    const { operation: matched } = request as MatchedRequest
    return matched.hasParameters || matched.readBody
      ? validateRequest(request, operation)
      : { valid: true, errors: null, coerced: request }
  }
}

/** @throws Failure 'malformed-request': a part of the path is not the percent-encoding of UTF-8 */
const parseDecodable = <T>(parse: () => T): T => {
  try {
    return parse()
  } catch (error) {
    if (error instanceof URIError) throw new Failure('malformed-request')
    throw error
  }
}

/** Query parameters that the operation does not declare are ignored. */
const pick = (query: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(query).filter(([name]) => names.includes(name)))
