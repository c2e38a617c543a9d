/** Every way in which a request can fail. The contract's ErrorCode lists those that a problem document
 * can show; the other five are raised by the OAuth endpoints only (RFC 6749, 5.2). */
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

/** A place of the request body that is not valid: a JSON Pointer in a URI fragment, and what is wrong. */
export interface InvalidPlace {
  readonly pointer: string
  readonly detail: string
}

interface Particulars {
  /** Replaces the catalogue's sentence. Printable ASCII; never a part of the request. */
  readonly detail?: string
  readonly places?: readonly InvalidPlace[]
  /** The methods of the path, for 405. */
  readonly allow?: string
  readonly retryAfterSeconds?: number
  /** What the challenge says besides the error (RFC 6750, 3; RFC 9470, 3). */
  readonly challenge?: Readonly<Record<string, string | number>>
  /** For the log only. */
  readonly cause?: unknown
  /** The message of the error itself, for the log at level debug. Never a part of the request. */
  readonly why?: string
}

/** A failure that the caller is told of. Anything else that is thrown is a 500. It has no stack, which would cost more than
 * all other work on a refused request. */
export class Failure extends Error {
  readonly code: FailureCode
  readonly particulars: Particulars

  constructor(code: FailureCode, particulars: Particulars = {}) {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(particulars.why ?? particulars.detail ?? code, { cause: particulars.cause })
    Error.stackTraceLimit = stackTraceLimit
    this.name = 'Failure'
    this.code = code
    this.particulars = particulars
  }
}

/** The failure of a body that is valid JSON but not what the operation takes. */
export const invalidBody = (...places: readonly InvalidPlace[]): Failure => new Failure('invalid-body', { places })
