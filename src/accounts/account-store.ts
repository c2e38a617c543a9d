/** An account as it is stored. */
export interface Account {
  /** As entered at sign-up: the `sub` of its tokens. */
  readonly username: string
  /** The normalised username: what makes it unique. */
  readonly usernameKey: string
  /** A PHC string. */
  readonly passwordHash: string
}

/** The port for accounts. Each verb is atomic and, once it has resolved, durable as the store promises.
 * A store that cannot be reached rejects with Failure 'not-ready'; anything else is a defect. */
export interface AccountStore {
  /** Keeps the account unless its usernameKey was ever given out. */
  readonly create: (account: Account) => Promise<'created' | 'taken'>
  readonly find: (usernameKey: string) => Promise<Account | undefined>
  /** Replaces the hash only where it still is the old one. */
  readonly replacePasswordHash: (usernameKey: string, oldHash: string, newHash: string) => Promise<void>
}
