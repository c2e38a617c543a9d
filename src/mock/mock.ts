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
import { type ShownAnswer, shownAnswers } from './answers.ts'
import { choose, preferenceOf } from './preference.ts'

export interface MockParts {
  readonly config: Pick<Config, 'issuer' | 'allowOrigin'>
  readonly document: ContractDocument
  readonly clock: Clock
  readonly log: Log
  /** Where clients reach the mock, when ISSUER does not say so. */
  readonly port: number
}

/** Puts together a service that has no operations: requests are matched, checked and refused as the service does it,
 * and what passes is answered with the contract's example. Any token is as good as another. */
export const createMock = async ({ config, document, clock, log, port }: MockParts): Promise<RequestHandler> => {
  refuseUnsupported(document)
  const issuer = config.issuer ?? `http://localhost:${port}`
  const headers = securityHeaders(issuer)
  // The service has its own values for these.
  const common = new Set(
    ['X-Request-Id', 'Content-Type', 'Content-Length', ...headerEntries(headers).map(([name]) => name)].map((name) =>
      name.toLowerCase(),
    ),
  )
  const answers = new Map(
    operationsOf(document).map((operation) => [
      operation.id,
      shownAnswers(document, operation).map((answer) => withoutHeaders(answer, common)),
    ]),
  )
  const app = createApp({
    dispatch: preferring(answers, await createExampleDispatch({ document, clock, log }, answers)),
    routes: createRoutes(servedOperations(document)),
    pages: createPages(() => servedContract(document, issuer)),
    headers,
    allowOrigin: config.allowOrigin,
    conformance: conformanceOf(document),
    isDraining: () => false,
    clock,
    log,
  })
  return createRequestHandler(app, { headers, clock, log })
}

/** A contract that has nothing to say of unmatched requests is not held to it. */
const conformanceOf = (document: ContractDocument): Conformance => {
  const conforms = createConformance(document)
  const isSilent = Object.keys(document['x-unmatched-responses']).length === 0
  return (id, answer) => (id === undefined && isSilent ? [] : conforms(id, answer))
}

type Answers = ReadonlyMap<string, readonly ShownAnswer[]>

const withoutHeaders = (answer: ShownAnswer, names: ReadonlySet<string>): ShownAnswer => ({
  ...answer,
  headers: Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !names.has(name.toLowerCase()))),
})

/** The service's own dispatch, over a handler for each operation that answers with its first success. */
const createExampleDispatch = (
  parts: Pick<MockParts, 'document' | 'clock' | 'log'>,
  answers: Answers,
): Promise<Dispatch> => {
  const handlers = [...answers].map(([id, shown]) => {
    const success = shown.find(({ status }) => status < 300)
    const handler = async (): Promise<ShownAnswer> => {
      if (success === undefined) throw new Error(`The contract shows no success of ${id}: give its answer an example`)
      return success
    }
    return [id, handler] as const
  })
  // The operations are those of the document at hand, which the compiler has not seen.
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

/** An answer that the caller asks for is given without a look at the request. */
const preferring =
  (answers: Answers, dispatch: Dispatch): Dispatch =>
  async (ctx, operation, parameters) => {
    const preference = preferenceOf(ctx.get('Prefer'), new URLSearchParams(ctx.querystring))
    if (preference === undefined) return dispatch(ctx, operation, parameters)
    const chosen = choose(answers.get(operation.id) ?? [], preference)
    if (chosen) return chosen
    throw new Failure('malformed-request', { detail: `The contract has no such response for ${operation.id}` })
  }
