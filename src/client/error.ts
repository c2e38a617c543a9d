import type { ErrorCode, InvalidBodyProblem, OAuthError } from '../contract/types.ts'

/** What went wrong, for programs: a code of the contract, or `network-failure` (no whole answer came), or
 * `undeclared-answer` (it is in no form that the contract has: a proxy's page, another service's JSON, a redirect).
 * A service that is newer than this client may have codes that are not listed here. */
export type SesameErrorCode = ErrorCode | OAuthError['error'] | 'network-failure' | 'undeclared-answer'

/** A place of the request body that is not valid: a JSON Pointer in a URI fragment, and what is wrong there. */
export type InvalidPlace = Readonly<InvalidBodyProblem['errors'][number]>

interface SesameErrorOptions {
  readonly detail: string
  readonly status?: number | undefined
  readonly errors?: readonly InvalidPlace[]
  readonly requestId?: string | undefined
  readonly retryAfterSeconds?: number | undefined
  readonly cause?: unknown
}

/** What every call of the client rejects with when it has no answer to return. */
export class SesameError extends Error {
  override readonly name = 'SesameError'
  readonly code: SesameErrorCode
  /** What went wrong, for people; the message, too. */
  readonly detail: string
  /** The status of the answer; undefined where none came or the browser hides it. */
  readonly status: number | undefined
  /** The places of the body that are not valid; empty where the service names none. */
  readonly errors: readonly InvalidPlace[]
  /** Leads to the line of the service's log. */
  readonly requestId: string | undefined
  /** When to try again, where the service says so. */
  readonly retryAfterSeconds: number | undefined

  constructor(code: SesameErrorCode, options: SesameErrorOptions) {
    super(options.detail, options)
    this.code = code
    this.detail = options.detail
    this.status = options.status
    this.errors = options.errors ?? []
    this.requestId = options.requestId
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}
