import type { AccountStore } from '../../accounts/account-store.ts'
import type { Tables } from './tables.ts'

/** Keeps accounts in the memory of this process, until it ends. */
export const createMemoryAccountStore = ({ accounts, sessions }: Tables): AccountStore => ({
  create: async (account) => {
    if (accounts.has(account.id)) return 'taken'
    accounts.set(account.id, account)
    return 'created'
  },
  isTaken: async (id) => accounts.has(id),
  find: async (id) => accounts.get(id),
  replacePasswordHash: async (id, oldHash, newHash) => {
    const account = accounts.get(id)
    if (account?.passwordHash === oldHash) accounts.set(id, { ...account, passwordHash: newHash })
  },
  changePassword: async ({ accountId, credentialVersion, passwordHash, sessionId }) => {
    const account = accounts.get(accountId)
    const session = sessions.get(sessionId)
    if (!account || session?.accountId !== accountId) return 'ended'
    if (account.credentialVersion !== credentialVersion) return 'outdated'
    const changed = { ...account, passwordHash, credentialVersion: credentialVersion + 1 }
    accounts.set(accountId, changed)
    sessions.ofAccount(accountId).forEach(sessions.remove)
    sessions.put({ ...session, credentialVersion: changed.credentialVersion })
    return 'changed'
  },
  delete: async (id, sessionId) => {
    if (sessions.get(sessionId)?.accountId !== id) return 'ended'
    accounts.set(id, undefined)
    sessions.ofAccount(id).forEach(sessions.remove)
    return 'deleted'
  },
})
