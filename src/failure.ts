/** Every way in which a request can fail. Problem documents show the codes of the contract's ErrorCode. Only the OAuth
 * endpoints raise the other five (RFC 6749, 5.2). */
export type FailureCode =
  | 'body-too-large'
  | 'expectation-failed'
  | 'headers-too-large'
  | 'incorrect-credentials'
  | 'incorrect-password'
  | 'insufficient-scope'
  | 'insufficient-user-authentication'
  | 'internal-error'
  | 'invalid-body'
  | 'invalid-grant'
  | 'invalid-parameter'
  | 'invalid-request'
  | 'invalid-scope'
  | 'invalid-token'
  | 'malformed-body'
  | 'malformed-request'
  | 'method-not-allowed'
  | 'not-authenticated'
  | 'not-found'
  | 'not-ready'
  | 'overloaded'
  | 'request-timeout'
  | 'unknown-session'
  | 'unsupported-grant-type'
  | 'unsupported-media-type'
  | 'username-taken'

/** An invalid place in the request body: a JSON Pointer as a URI fragment (RFC 6901, 6), and what is wrong there. */
export interface InvalidPlace {
  readonly pointer: string
  readonly detail: string
}

/** Optional parts of a failure. Which of them appear in the response depends on its error form. */
interface FailureInfo {
  /** Replaces the catalogue's text. It is printable ASCII and never quotes the request. */
  readonly detail?: string
  readonly places?: readonly InvalidPlace[]
  /** The methods that the path allows, as the Allow header of a 405. */
  readonly allow?: string
  readonly retryAfterSeconds?: number
  /** Further parameters of the WWW-Authenticate challenge (RFC 6750, 3; RFC 9470, 3). */
  readonly challenge?: Readonly<Record<string, string | number>>
  /** The original error, for the log only. */
  readonly cause?: unknown
  /** The error's message, which the log shows at level debug. It never quotes the request. */
  readonly reason?: string
}

/** A failure that the response reports to the client. Any other thrown value becomes a 500. It has no stack trace, which
 * would cost more than all other work on a refused request. */
export class Failure extends Error {
  readonly code: FailureCode
  readonly info: FailureInfo

  constructor(code: FailureCode, info: FailureInfo = {}) {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(info.reason ?? info.detail ?? code, { cause: info.cause })
    Error.stackTraceLimit = stackTraceLimit
    this.name = 'Failure'
    this.code = code
    this.info = info
  }
}

/** The failure of a well-formed body that the operation does not accept. */
export const invalidBody = (...places: readonly InvalidPlace[]): Failure => new Failure('invalid-body', { places })
