import type { Clock } from '../clock.ts'
import { Failure } from '../failure.ts'
import type { AccessTokens, AccessTokenSubject } from './access-tokens.ts'
import type { RefreshTokens } from './refresh-tokens.ts'
import type { Session, SessionStore } from './session-store.ts'

const secretBytes = 32

export interface LogIn {
  readonly username: string
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

export interface Sessions {
  /** Opens a session for an account that has just authenticated itself.
   * @throws Failure 'invalid-scope': a scope that no one declared */
  readonly open: (logIn: LogIn) => Promise<IssuedTokens>
  /** Exchanges a refresh token for a new pair. Presented again within the reuse interval, it yields the same
   * refresh token; later, it ends the session (RFC 9700, 4.14.2).
   * @throws Failure 'invalid-grant': unknown, expired, ended, reused, or of another client
   * @throws Failure 'invalid-scope': beyond the scope of the log-in; the token stays as it was */
  readonly refresh: (refresh: Refresh) => Promise<IssuedTokens>
  /** Whose access token it is, while its session lasts.
   * @throws Failure 'invalid-token' */
  readonly authenticate: (accessToken: string) => Promise<AccessTokenSubject>
  /** Ends the session of a refresh token or an access token of ours; nothing happens for any other (RFC 7009). */
  readonly revoke: (token: string) => Promise<void>
  /** Ends a session: from now on none of its tokens is valid. */
  readonly end: (sessionId: string) => Promise<void>
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
      authenticatedAt: session.openedAt,
    }),
    refreshToken: refreshTokens.issue(session),
    expiresInSeconds: accessTokens.lifetimeSeconds,
    scope,
  })

  /** The session of a refresh token that is ours. One that is not never touches a session. */
  const find = async (refreshToken: string, now: number) => {
    const claim = refreshTokens.read(refreshToken) ?? refuse('form')
    const session = (await store.find(claim.sessionId, now)) ?? refuse('no such session')
    return refreshTokens.isGenuine(claim, session) ? { claim, session } : refuse('MAC')
  }

  /** The session of either kind of token; undefined when it is none that is valid. */
  const sessionOf = async (token: string): Promise<string | undefined> => {
    try {
      const isRefreshToken = refreshTokens.read(token) !== undefined
      return isRefreshToken ? (await find(token, clock.nowSeconds())).session.id : accessTokens.verify(token).sessionId
    } catch (error) {
      if (error instanceof Failure) return undefined
      throw error
    }
  }

  return {
    open: async ({ username, clientId = 'public', scope: requested }) => {
      const scope = grant(requested, scopes)
      const now = clock.nowSeconds()
      const session = {
        id: clock.uuid(),
        username,
        clientId,
        scope,
        openedAt: now,
        refreshedAt: now,
        generation: 0,
        secret: clock.randomBytes(secretBytes),
      }
      await store.create(session, now)
      return issue(session, scope)
    },

    refresh: async ({ refreshToken, clientId, scope: requested }) => {
      const now = clock.nowSeconds()
      const { claim, session } = await find(refreshToken, now)
      if (clientId !== undefined && clientId !== session.clientId) refuse('another client')
      const scope = grant(requested, session.scope.split(' ').filter(Boolean))
      const rotation = await store.rotate(session.id, claim.generation, now, reuseIntervalSeconds)
      return 'session' in rotation ? issue(rotation.session, scope) : refuse(rotation.outcome)
    },

    authenticate: async (accessToken) => {
      const subject = accessTokens.verify(accessToken)
      if (!(await store.find(subject.sessionId, clock.nowSeconds()))) {
        throw new Failure('invalid-token', { why: 'the session has ended' })
      }
      return subject
    },

    revoke: async (token) => {
      const sessionId = await sessionOf(token)
      if (sessionId !== undefined) await store.end(sessionId)
    },

    end: (sessionId) => store.end(sessionId),
  }
}

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
