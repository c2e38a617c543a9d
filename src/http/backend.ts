import {
  type Context as BackendContext,
  type Document,
  type Operation as Definition,
  OpenAPIBackend,
  OpenAPIRouter,
  type ParsedRequest,
  type Request,
} from 'openapi-backend'
import type { Audit } from '../audit.ts'
import type { Caller } from '../caller.ts'
import type { ContractDocument } from '../contract/document.ts'
import type { Operation, Parameter } from '../contract/operations.ts'
import type { Handlers } from '../contract/types.ts'
import { invalidRequest } from './invalid-request.ts'
import type { AnyReply } from './response.ts'

/** A request with its operation and its parsed body. */
export interface MatchedRequest {
  readonly operation: Operation
  readonly headers: object
  /** The values of the path parameters. */
  readonly params: Readonly<Record<string, string>>
  readonly querystring: string
  readonly body: unknown
}

/** What a handler receives besides the request. */
interface HandlerContext {
  readonly caller: Caller | undefined
  readonly audit: Audit
}

export interface Backend {
  /** Validates a request against the contract and calls the handler of its operation.
   * @throws Failure when validation or the handler fails */
  readonly validateAndCall: (request: MatchedRequest, context: HandlerContext) => Promise<AnyReply>
}

type AnyHandler = (input: unknown) => Promise<AnyReply>

/** Creates openapi-backend in strict mode, with every failure handler. A missing one would let requests pass. */
export const createBackend = async (document: ContractDocument, handlers: Handlers): Promise<Backend> => {
  const byOperationId = handlers as unknown as Readonly<Record<string, AnyHandler>>
  const api = new OpenAPIBackend({
    definition: document as unknown as Document,
    strict: true,
    // `npm run check` validates the document and its schemas. Doing it here would take most of the start-up time.
    quick: true,
    // openapi-backend coerces only parameters. Defaults apply to them alone, too: no request body declares one.
    coerceTypes: true,
    ajvOpts: { allErrors: true, verbose: true, validateFormats: false, validateSchema: false, useDefaults: true },
    validate: ({ operation }) => operation.requestBody !== undefined || declaredParameters(operation).length > 0,
    handlers: {
      ...Object.fromEntries(Object.entries(byOperationId).map(([id, handler]) => [id, callOf(handler)])),
      validationFail: (c) => Promise.reject(invalidRequest(c.validation.errors ?? [])),
      unauthorizedHandler: unreachable,
      notFound: unreachable,
      methodNotAllowed: unreachable,
      notImplemented: unreachable,
    },
  })
  await api.init()
  const router = new MatchedRouter({ definition: api.definition })
  api.router = router
  api.validator.router = router
  return {
    validateAndCall: (request, context) => api.handleRequest(router.parsed(request), context) as Promise<AnyReply>,
  }
}

const callOf =
  (handler: AnyHandler) =>
  ({ request }: BackendContext, context: HandlerContext): Promise<AnyReply> =>
    handler({ body: request.requestBody, params: request.params, query: request.query, ...context })

const unreachable = (): never => {
  throw new Error('openapi-backend did not find the operation of a matched request')
}

type Parsed = Omit<Request, 'query'> & ParsedRequest & { readonly operationId: string }

/** Returns the operation and the parsed request that it receives (docs/decisions/004). The stock router searches all
 * operations for each request, so its cost grows with the contract. */
class MatchedRouter extends OpenAPIRouter {
  readonly #definitions = new Map(super.getOperations().map((one) => [one.operationId ?? '', asMatched(one)]))

  parsed({ operation: { id, method, path }, headers, params, querystring, body }: MatchedRequest): Parsed {
    return {
      operationId: id,
      method,
      path,
      headers: headers as Request['headers'],
      params,
      query: querystring === '' ? {} : this.#declaredQuery(id, querystring),
      cookies: {},
      body,
      requestBody: body,
    }
  }

  /** Returns the declared parameters of a query string, and ignores all others. */
  #declaredQuery(operationId: string, query: string): object {
    const definition = this.getOperation(operationId)
    const names = declaredParameters(definition).flatMap((parameter) =>
      parameter.in === 'query' ? [parameter.name] : [],
    )
    if (names.length === 0) return {}
    const { method, path } = definition
    const { query: given } = super.parseRequest({ method, path, headers: {}, query }, definition)
    return Object.fromEntries(Object.entries(given as object).filter(([name]) => names.includes(name)))
  }

  override getOperation(operationId: string): Definition {
    return this.#definitions.get(operationId) ?? unreachable()
  }

  override matchOperation(request: Request): Definition {
    return this.getOperation((request as Parsed).operationId)
  }

  override parseRequest(request: Request): ParsedRequest {
    return request as Parsed
  }
}

/** Removes `security`, which dispatch has checked. openapi-backend lists the operation's own parameters before those of
 * its path, so the first of two equal ones wins. */
const asMatched = (definition: Definition): Definition => {
  const parameters = declaredParameters(definition)
  const own = parameters.filter((one, i) => parameters.findIndex((other) => isSame(one, other)) === i)
  return Object.assign({}, definition, { security: [], parameters: own })
}

const declaredParameters = ({ parameters }: Definition): readonly Parameter[] => (parameters ?? []) as Parameter[]

const isSame = (one: Parameter, other: Parameter): boolean => one.in === other.in && one.name === other.name
