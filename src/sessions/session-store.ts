/** A session as the store keeps it. A log-in opens it. */
export interface StoredSession {
  /** A UUID. */
  readonly id: string
  readonly accountId: string
  /** The credential version of the account at the log-in, or at the caller's own change of the password. The session
   * has ended if the account has another version now. */
  readonly credentialVersion: number
  /** The username as entered at sign-up. */
  readonly username: string
  readonly clientId: string
  /** The scopes granted at log-in, separated by spaces. */
  readonly scope: string
  /** When the user logged in; seconds since 1970. */
  readonly openedAt: number
  /** When the refresh token was last rotated, or else when the user logged in; seconds since 1970. */
  readonly refreshedAt: number
  /** The number of the latest refresh token. */
  readonly generation: number
  /** 256 random bits that never leave the server. Nobody can make a refresh token of this session without them. */
  readonly secret: Buffer
}

/** How long sessions last, in seconds. */
export interface SessionLifetimes {
  /** Counts from the last rotation of the refresh token. */
  readonly idleSeconds: number
  /** Counts from the log-in. */
  readonly absoluteSeconds: number
}

/** The maximum number of sessions of an account. Nobody has a hundred devices. */
export const maxPerAccount = 100

/** The maximum number of expired sessions that a log-in removes. It is more than one, so that they do not pile up. */
export const sweptPerLogIn = 4

/** The result of a rotation. */
export type Rotation =
  | {
      /** `rotated`: the token was the latest one, and has a successor now. `replayed`: the token was rotated so
       * recently that its client may have lost the response. */
      readonly outcome: 'rotated' | 'replayed'
      readonly session: StoredSession
    }
  | {
      /** `reused`: the token is older than that, and the session has ended now. `unknown`: the session had ended
       * before. */
      readonly outcome: 'reused' | 'unknown'
    }

/** The position of a session in the list of its account. */
export type ListPosition = Pick<StoredSession, 'openedAt' | 'id'>

/** The fields of a session that the caller sets. The store sets the others. */
export type NewSession = Omit<StoredSession, 'openedAt' | 'refreshedAt' | 'generation'>

/** The port for sessions. Each method is atomic. When it resolves, the change is as durable as the store promises. The
 * store provides the time, so all processes that share a store use one clock. */
export interface SessionStore {
  /** Adds a session. If the account then has more than `maxPerAccount` sessions, the one that was idle longest ends.
   * Also removes up to `sweptPerLogIn` expired sessions of any account. Returns undefined and adds nothing if the
   * account was deleted or its password was changed since the log-in read it. */
  readonly create: (session: NewSession) => Promise<StoredSession | undefined>
  /** Returns undefined when the session has ended or expired. */
  readonly find: (id: string) => Promise<StoredSession | undefined>
  /** Rotates the refresh token of a generation (RFC 9700, 4.14.2).
   * @param reuseIntervalSeconds how long the previous token may still be used; 0 never allows it */
  readonly rotate: (id: string, generation: number, reuseIntervalSeconds: number) => Promise<Rotation>
  /** Returns at most `limit` active sessions of an account, the latest log-in first. Of two in the same second, the one
   * with the higher id comes first.
   * @param after the position of the last session of the previous page; undefined for the first page */
  readonly list: (
    accountId: string,
    limit: number,
    after: ListPosition | undefined,
  ) => Promise<readonly StoredSession[]>
  /** Ends a session. `unknown`: it had ended or expired, or belongs to another account. */
  readonly end: (accountId: string, id: string) => Promise<'ended' | 'unknown'>
  /** Ends all sessions of an account except one. Returns the ids of those that were active until now. */
  readonly endOthers: (accountId: string, id: string) => Promise<readonly string[]>
}
