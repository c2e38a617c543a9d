import type { AccountStore } from '../accounts/account-store.ts'
import { createMemoryAccountStore } from './memory/account-store.ts'

/** The ports that a service works on, opened together. */
export interface Stores {
  readonly accounts: AccountStore
  /** Rejects when the store cannot be reached. */
  readonly ping: () => Promise<void>
}

/** Opens the stores in memory. */
export const openMemoryStores = (): Stores => ({ accounts: createMemoryAccountStore(), ping: async () => undefined })
