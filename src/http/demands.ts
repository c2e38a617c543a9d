import type { OperationObject } from '../contract/document.ts'
import type { Caller } from '../contract/types.ts'
import { Failure } from '../failure.ts'

/** What an operation asks of a token that is valid. */
export interface Demands {
  /** Alternatives: all scopes of one of them are needed. */
  readonly scopes: readonly (readonly string[])[]
  /** How long ago the log-in may be. */
  readonly maxAuthenticationAgeSeconds: number | undefined
}

/** The demands that the contract states: the scopes of `security`, and `x-max-authentication-age`. */
export const demandsOf = (operation: OperationObject): Demands | undefined => {
  const scopes = operation.security.map((requirement) => Object.values(requirement).flat())
  const maxAuthenticationAgeSeconds = operation['x-max-authentication-age']
  const asksForNone = scopes.length === 0 || scopes.some((needed) => needed.length === 0)
  if (asksForNone && maxAuthenticationAgeSeconds === undefined) return undefined
  return { scopes: asksForNone ? [[]] : scopes, maxAuthenticationAgeSeconds }
}

/** @throws Failure 'insufficient-scope' (RFC 6750, 3.1)
 * @throws Failure 'insufficient-user-authentication': the log-in is too long ago (RFC 9470) */
export const refuseInsufficient = (demands: Demands, caller: Caller, nowSeconds: number): void => {
  const { scopes, maxAuthenticationAgeSeconds: maxAge } = demands
  const held = new Set(caller.scope.split(' '))
  if (!scopes.some((needed) => needed.every((scope) => held.has(scope)))) {
    throw new Failure('insufficient-scope', { challenge: { scope: (scopes[0] ?? []).join(' ') } })
  }
  if (maxAge !== undefined && nowSeconds - caller.authenticatedAt > maxAge) {
    throw new Failure('insufficient-user-authentication', { challenge: { max_age: maxAge } })
  }
}
