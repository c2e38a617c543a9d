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
  /** The scopes asked for, separated by spaces; undefined asks for all. */
  readonly scope: string | undefined
}

export interface Refresh {
  readonly refreshToken: string
  /** Must be the client of the log-in, where it is named. */
  readonly clientId: string | undefined
  /** Narrows the scope of this access token alone; undefined for the scope of the log-in. */
  readonly scope: string | undefined
}

export interface IssuedTokens {
  readonly accessToken: string
  readonly refreshToken: string
  readonly expiresInSeconds: number
  readonly scope: string
}

/** Some of the sessions of an account. */
export interface Page {
  readonly sessions: readonly StoredSession[]
  /** Leads to those that follow; undefined when there are none. */
  readonly nextCursor: string | undefined
}

export interface Sessions {
  /** Refuses scopes that no account can have; before a password is looked at, so that the answer tells nothing of it.
   * @throws Failure 'invalid-scope' */
  readonly assertDeclared: (scope: string | undefined) => void
  /** Opens a session for an account that has just authenticated itself.
   * @throws Failure 'invalid-scope': a scope that no one declared
   * @throws Failure 'incorrect-credentials': the account is gone or has another password meanwhile */
  readonly open: (logIn: LogIn, audit: Audit) => Promise<IssuedTokens>
  /** Exchanges a refresh token for a new pair. Presented again within the reuse interval, it yields the same
   * refresh token; later, it ends the session (RFC 9700, 4.14.2).
   * @throws Failure 'invalid-grant': unknown, expired, ended, reused, or of another client
   * @throws Failure 'invalid-scope': beyond the scope of the log-in; the token stays as it was */
  readonly refresh: (refresh: Refresh, audit: Audit) => Promise<IssuedTokens>
  /** The caller that an access token stands for, as long as its session lasts.
   * @throws Failure 'invalid-token' */
  readonly authenticate: (accessToken: string) => Promise<Caller>
  /** Ends the session of a refresh token or an access token of ours; nothing happens for any other (RFC 7009). */
  readonly revoke: (token: string, audit: Audit) => Promise<void>
  /** The sessions of an account that last, the latest log-in first.
   * @param cursor of the page before; undefined for the first one
   * @throws Failure 'invalid-parameter': the cursor is none */
  readonly list: (accountId: string, limit: number, cursor: string | undefined) => Promise<Page>
  /** Ends a session of an account: from now on none of its tokens is valid. `unknown`: it has no such session. */
  readonly end: (
    account: Pick<Caller, 'accountId' | 'username'>,
    sessionId: string,
    audit: Audit,
  ) => Promise<'ended' | 'unknown'>
  /** Ends all sessions of the caller's account except the caller's own. */
  readonly endOthers: (caller: Caller, audit: Audit) => Promise<void>
}

/** @param parts `scopes`: all that an account can be granted; `reuseIntervalSeconds`: for how long a client that lost
 * the answer may ask again */
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
      // The store's clock may be ahead of this machine's, but a token must not name a log-in in the future.
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
      if (clientId !== undefined && clientId !== session.clientId) refuseGrant('another client')
      const scope = grant(requested, scopesIn(session.scope))
      const rotation = await store.rotate(session.id, claim.generation, reuseIntervalSeconds)
      if ('session' in rotation) {
        audit({ event: 'refreshed', ...eventOf(session) })
        return issue(rotation.session, scope)
      }
      if (rotation.outcome === 'reused') audit({ event: 'reuse_detected', ...eventOf(session) })
      return refuseGrant(rotation.outcome)
    },

    authenticate: async (accessToken) => {
      const { claims, session } = await findByAccessToken(accessToken)
      return {
        username: session.username,
        accountId: session.accountId,
        sessionId: session.id,
        clientId: session.clientId,
        scope: claims.scope,
        // A token cannot claim a later log-in than that of its session.
        authenticatedAt: Math.min(claims.auth_time, session.openedAt),
      }
    },

    revoke: async (token, audit) => {
      try {
        const session = await findByToken(token)
        await end(session, session.id, audit)
      } catch (error) {
        // What is not valid needs no revocation.
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
