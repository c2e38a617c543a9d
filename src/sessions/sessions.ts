import type { Clock } from '../clock.ts'
import { Failure } from '../failure.ts'
import type { AccessTokens } from './access-tokens.ts'

export interface LogIn {
  readonly username: string
  readonly clientId: string | undefined
  /** The scopes asked for, separated by spaces; undefined asks for all. */
  readonly scope: string | undefined
}

export interface IssuedTokens {
  readonly accessToken: string
  readonly expiresInSeconds: number
  readonly scope: string
}

export interface Sessions {
  /** Opens a session for an account that has just authenticated itself.
   * @throws Failure 'invalid-scope': a scope that no one declared */
  readonly open: (logIn: LogIn) => IssuedTokens
}

/** @param scopes all that an account can be granted */
export const createSessions = (parts: {
  readonly accessTokens: AccessTokens
  readonly scopes: readonly string[]
  readonly clock: Clock
}): Sessions => {
  const { accessTokens, scopes, clock } = parts

  const grant = (requested: string | undefined): string => {
    if (requested === undefined) return scopes.join(' ')
    const wanted = new Set(requested.split(' '))
    const granted = scopes.filter((scope) => wanted.has(scope))
    if (granted.length < wanted.size) throw new Failure('invalid-scope')
    return granted.join(' ')
  }

  return {
    open: ({ username, clientId, scope: requested }) => {
      const scope = grant(requested)
      const subject = { username, sessionId: clock.uuid(), clientId: clientId ?? 'public', scope }
      return { accessToken: accessTokens.issue(subject), expiresInSeconds: accessTokens.lifetimeSeconds, scope }
    },
  }
}
