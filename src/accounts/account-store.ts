/** An account as it is stored. */
export interface Account {
  /** Made of the name (`accountId`), so that it is one for all its spellings. */
  readonly id: string
  /** As entered at sign-up: the `sub` of its tokens. */
  readonly username: string
  /** A PHC string. */
  readonly passwordHash: string
  /** How often the password was changed. A session of another version is over. */
  readonly credentialVersion: number
  /** Seconds since 1970. */
  readonly createdAt: number
}

/** A new password, by whoever knew the one of this version. */
export interface PasswordChange {
  readonly accountId: string
  readonly credentialVersion: number
  readonly passwordHash: string
  /** The session that asks, and goes on. */
  readonly sessionId: string
}

/** The port for accounts. Each verb is atomic and, once it has resolved, durable as the store promises.
 * A store that cannot be reached rejects with Failure 'not-ready'; anything else is a defect. */
export interface AccountStore {
  /** Keeps the account unless its id was ever given out. */
  readonly create: (account: Account) => Promise<'created' | 'taken'>
  /** Whether the id was ever given out. */
  readonly isTaken: (id: string) => Promise<boolean>
  readonly find: (id: string) => Promise<Account | undefined>
  /** Replaces the hash only where it still is the old one. The password stays, so the version does. */
  readonly replacePasswordHash: (id: string, oldHash: string, newHash: string) => Promise<void>
  /** Replaces the password and ends all sessions of the account but the one that asks, in one step.
   * `outdated`: the password is of another version by now; `ended`: the session that asks is over. Then nothing
   * has changed. */
  readonly changePassword: (change: PasswordChange) => Promise<'changed' | 'outdated' | 'ended'>
  /** Removes the account and ends all its sessions, in one step; its id stays taken.
   * `ended`: the session that asks is over, and nothing has changed. */
  readonly delete: (id: string, sessionId: string) => Promise<'deleted' | 'ended'>
}
