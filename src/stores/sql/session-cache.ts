import { LRUCache } from 'lru-cache'
import type { AccountStore } from '../../accounts/account-store.ts'
import type { StoredSession, SessionStore } from '../../sessions/session-store.ts'

// The cache takes about 10 MB.
const maxSessions = 20_000

interface Ports {
  readonly accounts: AccountStore
  readonly sessions: SessionStore
}

/** Wraps the ports with a cache of active sessions in this process. A session that this process ends is refused at
 * once. A session that another process ends is refused within `seconds`.
 * @param seconds 0 disables the cache */
export const withSessionCache = ({ accounts, sessions }: Ports, seconds: number): Ports => {
  if (seconds === 0) return { accounts, sessions }
  const cache = createCache(seconds)

  /** Invalidates the cache before the write, for later reads, and after it, for reads during the write. */
  const invalidating = async <T>(id: string, work: () => Promise<T>): Promise<T> => {
    cache.invalidate(id)
    try {
      return await work()
    } finally {
      cache.invalidate(id)
    }
  }

  return {
    accounts: {
      ...accounts,
      changePassword: (change) => invalidating(change.accountId, () => accounts.changePassword(change)),
      delete: (id, sessionId) => invalidating(id, () => accounts.delete(id, sessionId)),
    },
    sessions: {
      ...sessions,
      // A new session may exceed `maxPerAccount`, which ends another session of the account.
      create: (session) => invalidating(session.accountId, () => sessions.create(session)),
      find: (id) => cache.find(id, () => sessions.find(id)),
      rotate: (id, ...rest) => invalidating(id, () => sessions.rotate(id, ...rest)),
      end: (accountId, id) => invalidating(id, () => sessions.end(accountId, id)),
      endOthers: (accountId, id) => invalidating(accountId, () => sessions.endOthers(accountId, id)),
    },
  }
}

interface Cache {
  readonly find: (id: string, read: () => Promise<StoredSession | undefined>) => Promise<StoredSession | undefined>
  /** Removes a session, or all sessions of an account. A read that is in progress will not add it. */
  readonly invalidate: (sessionOrAccountId: string) => void
}

const createCache = (seconds: number): Cache => {
  const idsOfAccount = new Map<string, Set<string>>()
  const cached = new LRUCache<string, StoredSession>({
    max: maxSessions,
    ttl: seconds * 1000,
    dispose: ({ id, accountId }) => {
      const ids = idsOfAccount.get(accountId)
      ids?.delete(id)
      if (ids?.size === 0) idsOfAccount.delete(accountId)
    },
  })
  const add = (session: StoredSession, start: number): void => {
    cached.set(session.id, session, { start })
    idsOfAccount.set(session.accountId, (idsOfAccount.get(session.accountId) ?? new Set()).add(session.id))
  }
  // The reads in progress. Each set holds the ids that were invalidated since the read began.
  const reads = new Set<Set<string>>()

  return {
    find: async (id, read) => {
      const session = cached.get(id)
      if (session) return session
      const invalidated = new Set<string>()
      reads.add(invalidated)
      // The lifetime of an entry counts from before the read, since the session may end during the read.
      const start = performance.now()
      try {
        const found = await read()
        if (found && !invalidated.has(id) && !invalidated.has(found.accountId)) add(found, start)
        return found
      } finally {
        reads.delete(invalidated)
      }
    },
    invalidate: (id) => {
      for (const invalidated of reads) invalidated.add(id)
      cached.delete(id)
      for (const session of [...(idsOfAccount.get(id) ?? [])]) cached.delete(session)
    },
  }
}
