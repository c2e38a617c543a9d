import type { Audit } from '../audit.ts'
import type { Clock } from '../clock.ts'
import { Failure } from '../failure.ts'
import type { AccessTokens, AccessTokenSubject } from './access-tokens.ts'
import { cursorOf, placeOf } from './cursor.ts'
import type { RefreshTokens } from './refresh-tokens.ts'
import type { Session, SessionStore } from './session-store.ts'

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

/** Who sends an access token that is valid. */
export interface Bearer extends AccessTokenSubject {
  readonly accountId: string
}

/** Some of the sessions of an account. */
export interface Page {
  readonly sessions: readonly Session[]
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
  /** Whose access token it is, while its session lasts.
   * @throws Failure 'invalid-token' */
  readonly authenticate: (accessToken: string) => Promise<Bearer>
  /** Ends the session of a refresh token or an access token of ours; nothing happens for any other (RFC 7009). */
  readonly revoke: (token: string, audit: Audit) => Promise<void>
  /** The sessions of an account that last, the latest log-in first.
   * @param cursor of the page before; undefined for the first one
   * @throws Failure 'invalid-parameter': the cursor is none */
  readonly list: (accountId: string, limit: number, cursor: string | undefined) => Promise<Page>
  /** Ends a session of an account: from now on none of its tokens is valid. `unknown`: it has no such session. */
  readonly end: (
    account: Pick<Bearer, 'accountId' | 'username'>,
    sessionId: string,
    audit: Audit,
  ) => Promise<'ended' | 'unknown'>
  /** Ends all sessions of an account but this one. */
  readonly endOthers: (bearer: Bearer, audit: Audit) => Promise<void>
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

  const issue = (session: Session, scope: string): IssuedTokens => ({
    accessToken: accessTokens.issue({
      username: session.username,
      sessionId: session.id,
      clientId: session.clientId,
      scope,
      // The store's clock may be ahead of this machine's, and no token is of a log-in to come.
      authenticatedAt: Math.min(session.openedAt, clock.nowSeconds()),
    }),
    refreshToken: refreshTokens.issue(session),
    expiresInSeconds: accessTokens.lifetimeSeconds,
    scope,
  })

  /** The session of a refresh token that is ours. One that is not never touches a session. */
  const find = async (refreshToken: string) => {
    const claim = refreshTokens.read(refreshToken) ?? refuse('form')
    const session = (await store.find(claim.sessionId)) ?? refuse('no such session')
    return refreshTokens.isGenuine(claim, session) ? { claim, session } : refuse('MAC')
  }

  /** The session of either kind of token that is valid. */
  const sessionOf = async (token: string): Promise<Session | undefined> => {
    if (refreshTokens.read(token) !== undefined) return (await find(token)).session
    return store.find(accessTokens.verify(token).sessionId)
  }

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
      const { claim, session } = await find(refreshToken)
      if (clientId !== undefined && clientId !== session.clientId) refuse('another client')
      const scope = grant(requested, session.scope.split(' ').filter(Boolean))
      const rotation = await store.rotate(session.id, claim.generation, reuseIntervalSeconds)
      if ('session' in rotation) {
        audit({ event: 'refreshed', ...eventOf(session) })
        return issue(rotation.session, scope)
      }
      if (rotation.outcome === 'reused') audit({ event: 'reuse_detected', ...eventOf(session) })
      return refuse(rotation.outcome)
    },

    authenticate: async (accessToken) => {
      const subject = accessTokens.verify(accessToken)
      const session = await store.find(subject.sessionId)
      if (!session) throw new Failure('invalid-token', { why: 'the session has ended' })
      return { ...subject, accountId: session.accountId }
    },

    revoke: async (token, audit) => {
      try {
        const session = await sessionOf(token)
        if (session) await end(session, session.id, audit)
      } catch (error) {
        // What is not valid needs no revocation.
        if (!(error instanceof Failure && ['invalid-grant', 'invalid-token'].includes(error.code))) throw error
      }
    },

    list: async (accountId, limit, cursor) => {
      const after = cursor === undefined ? undefined : placeOf(cursor)
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

const eventOf = ({ id, username, clientId }: Session) => ({ username, session: id, client: clientId })

/** The scopes asked for, in the order of those that can be granted.
 * @throws Failure 'invalid-scope': one that cannot */
const grant = (requested: string | undefined, grantable: readonly string[]): string => {
  if (requested === undefined) return grantable.join(' ')
  const wanted = new Set(requested.split(' '))
  const granted = grantable.filter((scope) => wanted.has(scope))
  if (granted.length < wanted.size) throw new Failure('invalid-scope')
  return granted.join(' ')
}

/** @param why for the log; the caller is told no more than that the token is not valid */
const refuse = (why: string): never => {
  throw new Failure('invalid-grant', { why })
}
