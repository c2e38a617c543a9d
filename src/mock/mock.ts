import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { type Conformance, createConformance } from '../contract/conformance.ts'
import { type ContractDocument, declaredScopes } from '../contract/document.ts'
import { operationsOf } from '../contract/operations.ts'
import { createRoutes } from '../contract/routes.ts'
import { servedContract } from '../contract/served.ts'
import type { Handlers } from '../contract/types.ts'
import { refuseUnsupported } from '../contract/unsupported.ts'
import { Failure } from '../failure.ts'
import { createApp } from '../http/app.ts'
import type { Authenticate } from '../http/bearer.ts'
import { createDispatch, type Dispatch } from '../http/dispatch.ts'
import { headerEntries, securityHeaders } from '../http/headers.ts'
import { createPages } from '../http/pages.ts'
import { createRequestHandler } from '../http/request-handler.ts'
import { servedOperations } from '../http/served-operations.ts'
import type { RequestHandler } from '../http/server.ts'
import type { Log } from '../log.ts'
import { type MockResponse, mockResponses } from './mock-responses.ts'
import { choose, preferenceOf } from './preference.ts'

export interface MockParts {
  readonly config: Pick<Config, 'issuer' | 'allowOrigin'>
  readonly document: ContractDocument
  readonly clock: Clock
  readonly log: Log
  /** The port of the mock. It is part of the issuer if ISSUER is not set. */
  readonly port: number
}

/** Creates a service whose handlers respond with the contract's examples. It matches, checks and refuses requests as
 * the service does, but accepts any token. */
export const createMock = async ({ config, document, clock, log, port }: MockParts): Promise<RequestHandler> => {
  refuseUnsupported(document)
  const issuer = config.issuer ?? `http://localhost:${port}`
  const headers = securityHeaders(issuer)
  // The service sets these headers itself.
  const common = new Set(
    ['X-Request-Id', 'Content-Type', 'Content-Length', ...headerEntries(headers).map(([name]) => name)].map((name) =>
      name.toLowerCase(),
    ),
  )
  const responses = new Map(
    operationsOf(document).map((operation) => [
      operation.id,
      mockResponses(document, operation).map((response) => withoutHeaders(response, common)),
    ]),
  )
  const app = createApp({
    dispatch: preferring(responses, await createExampleDispatch({ document, clock, log }, responses)),
    routes: createRoutes(servedOperations(document)),
    pages: createPages({ hasDocsPage: true, contract: () => servedContract(document, issuer) }),
    headers,
    allowOrigin: config.allowOrigin,
    conformance: conformanceOf(document),
    isDraining: () => false,
    clock,
    log,
  })
  return createRequestHandler(app, { headers, clock, log })
}

/** If a contract declares no responses to unmatched requests, those responses are not checked. */
const conformanceOf = (document: ContractDocument): Conformance => {
  const conforms = createConformance(document)
  const lacksUnmatched = Object.keys(document['x-unmatched-responses']).length === 0
  return (id, response) => (id === undefined && lacksUnmatched ? [] : conforms(id, response))
}

type ResponsesById = ReadonlyMap<string, readonly MockResponse[]>

const withoutHeaders = (response: MockResponse, names: ReadonlySet<string>): MockResponse => ({
  ...response,
  headers: Object.fromEntries(Object.entries(response.headers).filter(([name]) => !names.has(name.toLowerCase()))),
})

/** The dispatch of the service. The handler of each operation responds with its first successful example. */
const createExampleDispatch = (
  parts: Pick<MockParts, 'document' | 'clock' | 'log'>,
  responses: ResponsesById,
): Promise<Dispatch> => {
  const handlers = [...responses].map(([id, examples]) => {
    const success = examples.find(({ status }) => status < 300)
    const handler = async (): Promise<MockResponse> => {
      if (success === undefined) throw new Error(`The contract has no successful example of ${id}: add one`)
      return success
    }
    return [id, handler] as const
  })
  // The compiler does not know the operations of this document.
  const all = Object.fromEntries(handlers) as unknown as Handlers
  return createDispatch({ ...parts, handlers: all, authenticate: acceptAny(parts) })
}

const acceptAny = ({ document, clock }: Pick<MockParts, 'document' | 'clock'>): Authenticate => {
  const scope = declaredScopes(document).join(' ')
  const caller = { username: 'licat', accountId: 'mock', sessionId: 'mock', clientId: 'public', scope }
  return async (accessToken) => {
    if (accessToken === '') throw new Failure('invalid-token')
    return { ...caller, authenticatedAt: clock.nowSeconds() }
  }
}

/** Responds with the example that the caller prefers, without checking the request. */
const preferring =
  (responses: ResponsesById, dispatch: Dispatch): Dispatch =>
  async (ctx, operation, parameters) => {
    const preference = preferenceOf(ctx.get('Prefer'), new URLSearchParams(ctx.querystring))
    if (preference === undefined) return dispatch(ctx, operation, parameters)
    const chosen = choose(responses.get(operation.id) ?? [], preference)
    if (chosen) return chosen
    throw new Failure('malformed-request', { detail: `The contract has no such response for ${operation.id}` })
  }
