/** What a log-in has opened. */
export interface StoredSession {
  /** A UUID. */
  readonly id: string
  readonly accountId: string
  /** That of the account at the log-in. Where the account has another one by now, the session is over. */
  readonly credentialVersion: number
  /** The username as entered at sign-up. */
  readonly username: string
  readonly clientId: string
  /** The scopes granted at log-in, separated by spaces. */
  readonly scope: string
  /** When the user logged in; seconds since 1970. */
  readonly openedAt: number
  /** When the refresh token was last replaced, at first the log-in; seconds since 1970. */
  readonly refreshedAt: number
  /** The number of the refresh token that was given out last. */
  readonly generation: number
  /** 256 random bits that are never sent: without them nobody can make a refresh token of this session. */
  readonly secret: Buffer
}

/** For how long sessions last, in seconds. */
export interface SessionLifetimes {
  /** Since the refresh token was last replaced. */
  readonly idleSeconds: number
  /** Since the log-in. */
  readonly absoluteSeconds: number
}

/** How many sessions an account keeps. A hundred devices are more than anyone has. */
export const maxPerAccount = 100

/** How many sessions a log-in sweeps. It is more than one, so that expired sessions do not pile up. */
export const sweptPerLogIn = 4

/** What became of a refresh token. */
export type Rotation =
  | {
      /** `rotated`: it was the last one, and is replaced. `replayed`: it is the one before, so recently replaced that
       * its sender may not have got the answer. Either way the session is as it is now. */
      readonly outcome: 'rotated' | 'replayed'
      readonly session: StoredSession
    }
  | {
      /** `reused`: it is older, and the session has ended by that. `unknown`: there is no such session any more. */
      readonly outcome: 'reused' | 'unknown'
    }

/** Where a session stands in the list of its account. */
export type ListPosition = Pick<StoredSession, 'openedAt' | 'id'>

/** What a log-in brings; the rest is the store's. */
export type NewSession = Omit<StoredSession, 'openedAt' | 'refreshedAt' | 'generation'>

/** The port for sessions. Each verb is atomic, and acknowledged only once it holds. Time is the store's: of several
 * processes on one store, none goes by a clock of its own. */
export interface SessionStore {
  /** When the account has more than `maxPerAccount` sessions, the one that was longest idle ends. Up to `sweptPerLogIn`
   * expired sessions of any account are removed. Undefined: the account is gone or its password was changed since it
   * was checked, and there is no session. */
  readonly create: (session: NewSession) => Promise<StoredSession | undefined>
  /** Undefined when it has ended or is over. */
  readonly find: (id: string) => Promise<StoredSession | undefined>
  /** Replaces the refresh token of a generation by the next one (RFC 9700, 4.14.2).
   * @param reuseIntervalSeconds for how long the one before is still answered alike; 0 for not at all */
  readonly rotate: (id: string, generation: number, reuseIntervalSeconds: number) => Promise<Rotation>
  /** At most `limit` sessions of an account that last, the latest log-in first, of two at once the one with the higher
   * id.
   * @param after the place of the last one before these; undefined for the first ones */
  readonly list: (
    accountId: string,
    limit: number,
    after: ListPosition | undefined,
  ) => Promise<readonly StoredSession[]>
  /** `unknown`: it has ended or is over, or is not of this account. */
  readonly end: (accountId: string, id: string) => Promise<'ended' | 'unknown'>
  /** Ends all sessions of an account but one. Returns the ids of those that had lasted until then. */
  readonly endOthers: (accountId: string, id: string) => Promise<readonly string[]>
}
