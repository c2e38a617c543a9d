import type { AccountStore } from '../accounts/account-store.ts'
import type { SessionLifetimes, SessionStore } from '../sessions/session-store.ts'
import { createMemoryAccountStore } from './memory/account-store.ts'
import { createMemorySessionStore } from './memory/session-store.ts'
import { createTables } from './memory/tables.ts'

/** The ports that a service works on, opened together. */
export interface Stores {
  readonly accounts: AccountStore
  readonly sessions: SessionStore
  /** Rejects when the store cannot be reached. */
  readonly ping: () => Promise<void>
}

/** Opens the stores in memory. */
export const openMemoryStores = (lifetimes: SessionLifetimes): Stores => {
  const tables = createTables(lifetimes)
  return {
    accounts: createMemoryAccountStore(tables),
    sessions: createMemorySessionStore(tables),
    ping: async () => undefined,
  }
}
