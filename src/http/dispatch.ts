import type { Logger } from 'pino'
import type { AuditEvent } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { ContractDocument } from '../contract/document.ts'
import type { Handlers } from '../contract/types.ts'
import { Failure } from '../failure.ts'
import { createBackend } from './backend.ts'
import { type Authenticate, bearerToken, requireRecentLogIn, requireScopes } from './bearer.ts'
import type { Context, RequestState, ServedOperation } from './context.ts'
import type { AnyReply } from './response.ts'

/** Handles a request to `operation`. `pathParameters` are still percent-encoded.
 * @throws Failure when any step fails */
export type Dispatch = (
  ctx: Context,
  operation: ServedOperation,
  pathParameters: Readonly<Record<string, string>>,
) => Promise<AnyReply>

/** @param parts `document` must pass refuseUnsupported, because dispatch enforces only what that function accepts */
export const createDispatch = async (parts: {
  readonly document: ContractDocument
  readonly handlers: Handlers
  readonly authenticate: Authenticate
  readonly clock: Clock
  readonly log: Logger
}): Promise<Dispatch> => {
  const { document, handlers, authenticate, clock, log } = parts
  const backend = await createBackend(document, handlers)

  return async (ctx, operation, pathParameters) => {
    const { req, state } = ctx
    const params = decodePathParameters(pathParameters)
    if (operation.isSecured) {
      state.caller = await authenticate(bearerToken(req))
      requireScopes(operation, state.caller)
      requireRecentLogIn(operation, state.caller, clock.nowSeconds())
    }
    const body = operation.readBody ? await operation.readBody(ctx) : undefined
    // Operations without parameters ignore the query.
    const querystring = operation.parameters.length > 0 ? ctx.querystring : ''
    return backend.validateAndCall(
      { operation, headers: req.headers, params, querystring, body },
      { caller: state.caller, audit: (event) => writeEvent(log, state, event) },
    )
  }
}

/** @throws Failure 'malformed-request' when a part of the path is not the percent-encoding of UTF-8 */
const decodePathParameters = (encoded: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  try {
    return Object.fromEntries(Object.entries(encoded).map(([name, value]) => [name, decodeURIComponent(value)]))
  } catch {
    throw new Failure('malformed-request')
  }
}

const writeEvent = (log: Logger, { requestId, address }: RequestState, event: AuditEvent): void => {
  const level = event.event === 'reuse_detected' ? 'warn' : 'info'
  log[level]({ id: requestId, address, ...event }, 'audit')
}
