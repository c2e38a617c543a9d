import type { ErrorCode, InvalidBodyProblem, OAuthError } from '../contract/types.ts'

/** The error for programs: a code of the contract, or one of two codes of the client. `network-failure` means that no
 * complete response came. `undeclared-answer` means that the contract does not declare the response, such as the page
 * of a proxy or a redirect. A newer service may send codes that are not listed here. */
export type SesameErrorCode = ErrorCode | OAuthError['error'] | 'network-failure' | 'undeclared-answer'

/** An invalid place of the request body: a JSON Pointer in a URI fragment, and the fault there. */
export type InvalidPlace = Readonly<InvalidBodyProblem['errors'][number]>

interface SesameErrorOptions {
  readonly detail: string
  readonly status?: number | undefined
  readonly errors?: readonly InvalidPlace[]
  readonly requestId?: string | undefined
  readonly retryAfterSeconds?: number | undefined
  readonly cause?: unknown
}

/** Every call of the client rejects with this error when it fails. */
export class SesameError extends Error {
  override readonly name = 'SesameError'
  readonly code: SesameErrorCode
  /** The error for people. It is also the `message`. */
  readonly detail: string
  /** The status of the response; undefined if there was no response or the browser hides it. */
  readonly status: number | undefined
  /** The invalid places of the request body; empty if the service names none. */
  readonly errors: readonly InvalidPlace[]
  /** Identifies the request in the log of the service. */
  readonly requestId: string | undefined
  /** The seconds until the next attempt, if the response has a Retry-After in seconds. */
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
