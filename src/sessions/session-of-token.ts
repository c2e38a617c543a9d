import { Failure } from '../failure.ts'
import type { AccessTokens, SessionClaims } from './access-tokens.ts'
import type { RefreshTokens } from './refresh-tokens.ts'
import { isWithin, scopesIn } from './scopes.ts'
import type { StoredSession, SessionStore } from './session-store.ts'

/** Finds the sessions that tokens belong to. A forged token never affects a session. */
export const createSessionFinder = (parts: {
  readonly store: SessionStore
  readonly accessTokens: AccessTokens
  readonly refreshTokens: RefreshTokens
}) => {
  const { store, accessTokens, refreshTokens } = parts

  /** @throws Failure 'invalid-grant' */
  const findByRefreshToken = async (refreshToken: string) => {
    const claim = refreshTokens.read(refreshToken) ?? refuseGrant('the token is malformed')
    const session = (await store.find(claim.sessionId)) ?? refuseGrant('the session has ended')
    return refreshTokens.isGenuine(claim, session) ? { claim, session } : refuseGrant('the MAC is wrong')
  }

  /** @throws Failure 'invalid-token' */
  const findByAccessToken = async (accessToken: string) => {
    const claims = accessTokens.verify(accessToken)
    const session = await store.find(claims.sid)
    if (!session) throw new Failure('invalid-token', { reason: 'the session has ended' })
    if (!belongTo(claims, session))
      throw new Failure('invalid-token', { reason: 'the claims do not belong to the session' })
    return { claims, session }
  }

  return {
    findByRefreshToken,
    findByAccessToken,
    /** @param token of either kind
     * @throws Failure 'invalid-grant' or 'invalid-token' */
    findByToken: async (token: string): Promise<StoredSession> =>
      (await (refreshTokens.read(token) === undefined ? findByAccessToken(token) : findByRefreshToken(token))).session,
  }
}

/** Whether the claims belong to the session. Another service that holds the signing key could sign claims that do
 * not. */
const belongTo = ({ sub, client_id, scope }: SessionClaims, session: StoredSession): boolean =>
  sub === session.username &&
  client_id === session.clientId &&
  (scope === session.scope || isWithin(scopesIn(scope), scopesIn(session.scope)))

/** Refuses a refresh token.
 * @param reason for the log; the response only says that the token is not valid */
export const refuseGrant = (reason: string): never => {
  throw new Failure('invalid-grant', { reason })
}
