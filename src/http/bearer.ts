import type { IncomingMessage } from 'node:http'
import type { Caller } from '../caller.ts'
import type { Operation } from '../contract/operations.ts'
import { Failure } from '../failure.ts'

/** Verifies an access token and returns its caller.
 * @throws Failure 'invalid-token' */
export type Authenticate = (accessToken: string) => Promise<Caller>

// Matches the scheme in any case (RFC 9110, 11.1), one or more spaces, and the token (RFC 6750, 2.1).
const bearer = /^bearer(?: +(.*))?$/i

/** Returns the access token in the Authorization header of a request.
 * @throws Failure 'not-authenticated' when the header is missing or has another scheme */
export const bearerToken = ({ headers }: IncomingMessage): string => {
  const match = bearer.exec(headers.authorization ?? '')
  if (!match) throw new Failure('not-authenticated')
  return match[1] ?? ''
}

/** @throws Failure 'insufficient-scope' when the token lacks scopes of every alternative (RFC 6750, 3.1) */
export const requireScopes = ({ scopes }: Operation, caller: Caller): void => {
  if (scopes.length === 0) return
  const held = caller.scope.split(' ')
  if (!scopes.some((needed) => needed.every((scope) => held.includes(scope))))
    throw new Failure('insufficient-scope', { challenge: { scope: (scopes[0] ?? []).join(' ') } })
}

/** @throws Failure 'insufficient-user-authentication' when the user logged in too long ago (RFC 9470) */
export const requireRecentLogIn = (
  { maxAuthenticationAgeSeconds: maxAge }: Operation,
  caller: Caller,
  nowSeconds: number,
): void => {
  if (maxAge !== undefined && nowSeconds - caller.authenticatedAt > maxAge)
    throw new Failure('insufficient-user-authentication', { challenge: { max_age: maxAge } })
}
