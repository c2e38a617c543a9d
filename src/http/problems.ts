import { STATUS_CODES } from 'node:http'
import type { ErrorCode, InvalidBodyProblem, OAuthError, Problem } from '../contract/types.ts'
import { Failure, type FailureCode } from '../failure.ts'
import type { ErrorForm, Response } from './context.ts'
import type { HeaderList } from './headers.ts'

interface Row {
  readonly status: number
  readonly detail: string
  /** The WWW-Authenticate header, without the parameters that the failure adds. */
  readonly challenge?: string
}

/** The problem document of each failure (RFC 9457). The keys are the contract's error codes. */
const problems: { readonly [Code in ErrorCode]: Row } = {
  'body-too-large': { status: 413, detail: 'The request body is too large' },
  'expectation-failed': { status: 417, detail: 'Expectation Failed' },
  'headers-too-large': { status: 431, detail: 'Request Header Fields Too Large' },
  'incorrect-password': { status: 403, detail: 'The current password is incorrect' },
  'insufficient-scope': {
    status: 403,
    detail: 'The access token lacks the scope that this operation requires',
    challenge: 'Bearer error="insufficient_scope"',
  },
  'insufficient-user-authentication': {
    status: 401,
    detail: 'A more recent log-in is required',
    challenge: 'Bearer error="insufficient_user_authentication"',
  },
  'internal-error': { status: 500, detail: 'Internal Server Error' },
  'invalid-body': { status: 422, detail: 'The request body is not valid' },
  'invalid-parameter': { status: 400, detail: 'A parameter is not valid' },
  'invalid-token': { status: 401, detail: 'Invalid token', challenge: 'Bearer error="invalid_token"' },
  'malformed-body': { status: 400, detail: 'The request body is malformed' },
  'malformed-request': { status: 400, detail: 'Malformed request' },
  'method-not-allowed': { status: 405, detail: 'Method Not Allowed' },
  'not-authenticated': { status: 401, detail: 'Not authenticated', challenge: 'Bearer' },
  'not-found': { status: 404, detail: 'Not Found' },
  'not-ready': { status: 503, detail: 'The service is not ready' },
  overloaded: { status: 503, detail: 'The service is busy' },
  'request-timeout': { status: 408, detail: 'Request Timeout' },
  'unknown-session': { status: 404, detail: 'The account has no session with this id' },
  'unsupported-media-type': { status: 415, detail: 'Unsupported media type' },
  'username-taken': { status: 400, detail: 'Username already exists' },
}

interface OAuthRow {
  readonly status?: number
  readonly error: OAuthError['error']
  readonly detail?: string
}

/** The error responses of the OAuth endpoints (RFC 6749, 5.2). Missing entries and fields follow from `problems`. */
const oauthErrors: { readonly [Code in Exclude<FailureCode, ErrorCode>]: Required<OAuthRow> } & {
  readonly [Code in ErrorCode]?: OAuthRow
} = {
  'incorrect-credentials': { status: 401, error: 'invalid_grant', detail: 'Incorrect username or password' },
  'invalid-body': { status: 400, error: 'invalid_request' },
  'invalid-grant': { status: 400, error: 'invalid_grant', detail: 'The refresh token is not valid' },
  'invalid-request': { status: 400, error: 'invalid_request', detail: 'The request is not valid' },
  'invalid-scope': { status: 400, error: 'invalid_scope', detail: 'The scope is unknown or was not granted' },
  'invalid-token': {
    status: 400,
    error: 'invalid_request',
    detail: 'The request has more than one Authorization header',
  },
  'unsupported-grant-type': {
    status: 400,
    error: 'unsupported_grant_type',
    detail: 'The grant type must be password or refresh_token',
  },
}

/** Renders a failure. A problem document cannot show an OAuth code, so throwing one there is a bug and becomes a 500. */
export const renderFailure = (failure: Failure, form: ErrorForm, requestId: string): Response =>
  form === 'oauth' ? renderOAuthError(failure) : renderProblem(failure, requestId)

const isErrorCode = (code: FailureCode): code is ErrorCode => Object.hasOwn(problems, code)

const renderProblem = ({ code, info }: Failure, requestId: string): Response => {
  if (!isErrorCode(code)) return renderProblem(new Failure('internal-error'), requestId)
  const { status, detail, challenge } = problems[code]
  const problem: Problem | InvalidBodyProblem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: info.detail ?? detail,
    code,
    instance: `urn:uuid:${requestId}`,
    ...(info.places && { errors: [...info.places] }),
  }
  return {
    status,
    headers: [...challengeHeader(challenge, info), ...otherHeaders(info)],
    content: { mediaType: 'application/problem+json', text: JSON.stringify(problem) },
  }
}

const renderOAuthError = ({ code, info }: Failure): Response => {
  const row = oauthErrors[code]
  const problem = isErrorCode(code) ? problems[code] : undefined
  const status = row?.status ?? problem?.status ?? 500
  const text = info.detail ?? row?.detail ?? problem?.detail ?? 'Internal Server Error'
  const [place] = info.places ?? []
  const detail = place ? `${place.pointer.slice(2)} ${place.detail}`.trim() : text
  const error: OAuthError = { error: row?.error ?? oauthErrorOf(status), error_description: detail, detail }
  return {
    status,
    headers: otherHeaders(info),
    content: { mediaType: 'application/json', text: JSON.stringify(error) },
  }
}

const oauthErrorOf = (status: number): OAuthError['error'] => {
  if (status === 503) return 'temporarily_unavailable'
  return status === 500 ? 'server_error' : 'invalid_request'
}

const challengeHeader = (challenge: string | undefined, { challenge: more }: Failure['info']): HeaderList => {
  if (challenge === undefined) return []
  const parameters = Object.entries(more ?? {}).map(([name, value]) => `${name}="${value}"`)
  return ['WWW-Authenticate', [challenge, ...parameters].join(', ')]
}

const otherHeaders = ({ allow, retryAfterSeconds }: Failure['info']): HeaderList => [
  ...(allow === undefined ? [] : ['Allow', allow]),
  ...(retryAfterSeconds === undefined ? [] : ['Retry-After', String(retryAfterSeconds)]),
]
