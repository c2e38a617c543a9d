import type { Account, AccountStore } from '../../accounts/account-store.ts'

/** Accounts in the memory of this process: gone when it ends. */
export const createMemoryAccountStore = (): AccountStore => {
  const accounts = new Map<string, Account>()
  return {
    create: async (account) => {
      if (accounts.has(account.usernameKey)) return 'taken'
      accounts.set(account.usernameKey, account)
      return 'created'
    },
    find: async (usernameKey) => accounts.get(usernameKey),
    replacePasswordHash: async (usernameKey, oldHash, newHash) => {
      const account = accounts.get(usernameKey)
      if (account?.passwordHash === oldHash) accounts.set(usernameKey, { ...account, passwordHash: newHash })
    },
  }
}
