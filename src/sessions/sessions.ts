import type { Audit } from '../audit.ts'
import type { Caller } from '../caller.ts'
import type { Clock } from '../clock.ts'
import { Failure } from '../failure.ts'
import type { AccessTokens } from './access-tokens.ts'
import { cursorOf, positionOf } from './cursor.ts'
import type { RefreshTokens } from './refresh-tokens.ts'
import { grant, scopesIn } from './scopes.ts'
import { createSessionFinder, refuseGrant } from './session-of-token.ts'
import type { StoredSession, SessionStore } from './session-store.ts'

const secretBytes = 32

export interface LogIn {
  readonly account: {
    readonly id: string
    readonly username: string
    readonly credentialVersion: number
  }
  readonly clientId: string | undefined
  /** The requested scopes, separated by spaces; undefined requests all of them. */
  readonly scope: string | undefined
}

export interface Refresh {
  readonly refreshToken: string
  /** If present, it must equal the client id of the log-in. */
  readonly clientId: string | undefined
  /** The scopes of the new access token, a subset of the log-in's; undefined requests all of them. */
  readonly scope: string | undefined
}

export interface IssuedTokens {
  readonly accessToken: string
  readonly refreshToken: string
  readonly expiresInSeconds: number
  readonly scope: string
}

/** One page of an account's sessions. */
export interface SessionPage {
  readonly sessions: readonly StoredSession[]
  /** The cursor of the next page; undefined on the last page. */
  readonly nextCursor: string | undefined
}

export interface Sessions {
  /** Refuses scopes that the contract does not declare. Call it before the password is verified, so that this failure
   * reveals nothing about the password.
   * @throws Failure 'invalid-scope' */
  readonly assertDeclared: (scope: string | undefined) => void
  /** Opens a session for an account that has just authenticated itself.
   * @throws Failure 'invalid-scope': the contract does not declare one of the scopes
   * @throws Failure 'incorrect-credentials': meanwhile, the account was deleted or its password was changed */
  readonly open: (logIn: LogIn, audit: Audit) => Promise<IssuedTokens>
  /** Exchanges a refresh token for a new pair of tokens. A second use within the reuse interval returns the same
   * refresh token. A later use ends the session (RFC 9700, 4.14.2).
   * @throws Failure 'invalid-grant': the token is malformed, forged, reused or of another client, or its session ended
   * @throws Failure 'invalid-scope': the scope exceeds that of the log-in; the refresh token remains valid */
  readonly refresh: (refresh: Refresh, audit: Audit) => Promise<IssuedTokens>
  /** Returns the caller that an access token represents.
   * @throws Failure 'invalid-token': the token is not valid, or its session has ended */
  readonly authenticate: (accessToken: string) => Promise<Caller>
  /** Ends the session of a refresh token or an access token. An invalid token has no effect (RFC 7009, 2.2). */
  readonly revoke: (token: string, audit: Audit) => Promise<void>
  /** Returns the active sessions of an account, the latest log-in first.
   * @param cursor the `nextCursor` of the previous page; undefined for the first page
   * @throws Failure 'invalid-parameter': the cursor is malformed */
  readonly list: (accountId: string, limit: number, cursor: string | undefined) => Promise<SessionPage>
  /** Ends a session of an account. Its tokens are no longer valid. `unknown`: the account has no such session. */
  readonly end: (
    account: Pick<Caller, 'accountId' | 'username'>,
    sessionId: string,
    audit: Audit,
  ) => Promise<'ended' | 'unknown'>
  /** Ends all sessions of the caller's account except the caller's own. */
  readonly endOthers: (caller: Caller, audit: Audit) => Promise<void>
}

/** @param parts `scopes`: all scopes that a log-in can receive; `reuseIntervalSeconds`: how long a client that lost a
 * response may repeat its refresh */
export const createSessions = (parts: {
  readonly store: SessionStore
  readonly accessTokens: AccessTokens
  readonly refreshTokens: RefreshTokens
  readonly scopes: readonly string[]
  readonly reuseIntervalSeconds: number
  readonly clock: Clock
}): Sessions => {
  const { store, accessTokens, refreshTokens, scopes, reuseIntervalSeconds, clock } = parts
  const { findByAccessToken, findByRefreshToken, findByToken } = createSessionFinder(parts)

  const issue = (session: StoredSession, scope: string): IssuedTokens => ({
    accessToken: accessTokens.issue({
      sub: session.username,
      sid: session.id,
      client_id: session.clientId,
      scope,
      // The store's clock may be ahead of this machine's, but auth_time must not be after iat.
      auth_time: Math.min(session.openedAt, clock.nowSeconds()),
    }),
    refreshToken: refreshTokens.issue(session),
    expiresInSeconds: accessTokens.lifetimeSeconds,
    scope,
  })

  const end: Sessions['end'] = async ({ accountId, username }, id, audit) => {
    const outcome = await store.end(accountId, id)
    if (outcome === 'ended') audit({ event: 'revoked', username, session: id })
    return outcome
  }

  return {
    assertDeclared: (scope) => void grant(scope, scopes),

    open: async ({ account, clientId = 'public', scope: requested }, audit) => {
      const scope = grant(requested, scopes)
      const session = await store.create({
        id: clock.uuid(),
        accountId: account.id,
        credentialVersion: account.credentialVersion,
        username: account.username,
        clientId,
        scope,
        secret: clock.randomBytes(secretBytes),
      })
      if (!session) {
        audit({ event: 'login_failed', username: account.username })
        throw new Failure('incorrect-credentials')
      }
      audit({ event: 'logged_in', ...eventOf(session) })
      return issue(session, scope)
    },

    refresh: async ({ refreshToken, clientId, scope: requested }, audit) => {
      const { claim, session } = await findByRefreshToken(refreshToken)
      if (clientId !== undefined && clientId !== session.clientId) refuseGrant('the token belongs to another client')
      const scope = grant(requested, scopesIn(session.scope))
      const rotation = await store.rotate(session.id, claim.generation, reuseIntervalSeconds)
      if ('session' in rotation) {
        audit({ event: 'refreshed', ...eventOf(session) })
        return issue(rotation.session, scope)
      }
      if (rotation.outcome === 'reused') audit({ event: 'reuse_detected', ...eventOf(session) })
      return refuseGrant(rotation.outcome === 'reused' ? 'the token was used before' : 'the session has ended')
    },

    authenticate: async (accessToken) => {
      const { claims, session } = await findByAccessToken(accessToken)
      return {
        username: session.username,
        accountId: session.accountId,
        sessionId: session.id,
        clientId: session.clientId,
        scope: claims.scope,
        // A token must not claim a later log-in than its session has.
        authenticatedAt: Math.min(claims.auth_time, session.openedAt),
      }
    },

    revoke: async (token, audit) => {
      try {
        const session = await findByToken(token)
        await end(session, session.id, audit)
      } catch (error) {
        // An invalid token needs no revocation.
        if (!(error instanceof Failure && ['invalid-grant', 'invalid-token'].includes(error.code))) throw error
      }
    },

    list: async (accountId, limit, cursor) => {
      const after = cursor === undefined ? undefined : positionOf(cursor)
      const found = await store.list(accountId, limit + 1, after)
      const sessions = found.slice(0, limit)
      const last = sessions.at(-1)
      return { sessions, nextCursor: found.length > limit && last ? cursorOf(last) : undefined }
    },

    end,

    endOthers: async ({ accountId, username, sessionId }, audit) => {
      for (const session of await store.endOthers(accountId, sessionId)) {
        audit({ event: 'revoked', username, session })
      }
    },
  }
}

const eventOf = ({ id, username, clientId }: StoredSession) => ({ username, session: id, client: clientId })
