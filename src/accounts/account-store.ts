/** A stored account. */
export interface Account {
  /** Derived from the normalised name by `accountId`. */
  readonly id: string
  /** The name as entered at sign-up. It is the `sub` of the account's tokens. */
  readonly username: string
  /** A hash in a format that `parseHash` supports. */
  readonly passwordHash: string
  /** Counts the changes of the password. A session with another version has ended. */
  readonly credentialVersion: number
  /** Seconds since 1970. */
  readonly createdAt: number
}

/** A new password. The caller has proved that it knows the password of this version. */
export interface PasswordChange {
  readonly accountId: string
  readonly credentialVersion: number
  readonly passwordHash: string
  /** The caller's session. It does not end. */
  readonly sessionId: string
}

/** The port for accounts. Each method is atomic. When it resolves, the change is as durable as the store promises. A
 * method rejects with Failure 'not-ready' when the store is unavailable. Any other rejection is a bug. */
export interface AccountStore {
  /** Adds the account. `taken`: an account has or had this id. */
  readonly create: (account: Account) => Promise<'created' | 'taken'>
  /** Whether an account has or had this id. */
  readonly isTaken: (id: string) => Promise<boolean>
  readonly find: (id: string) => Promise<Account | undefined>
  /** Replaces the old hash, unless another hash has replaced it already. The password and its version stay the same. */
  readonly replacePasswordHash: (id: string, oldHash: string, newHash: string) => Promise<void>
  /** Replaces the password and ends all sessions of the account except the caller's, in one step. `outdated`: the
   * password has another version by now. `ended`: the caller's session has ended. Neither changes anything. */
  readonly changePassword: (change: PasswordChange) => Promise<'changed' | 'outdated' | 'ended'>
  /** Deletes the account and ends all its sessions, in one step. Its id stays taken. `ended`: the caller's session has
   * ended, and nothing changes. */
  readonly delete: (id: string, sessionId: string) => Promise<'deleted' | 'ended'>
}
