import { LRUCache } from 'lru-cache'
import type { AccountStore } from '../../accounts/account-store.ts'
import type { StoredSession, SessionStore } from '../../sessions/session-store.ts'

// Some 10 MB.
const maxSessions = 20_000

interface Ports {
  readonly accounts: AccountStore
  readonly sessions: SessionStore
}

/** The same ports, with the answer to "does this session last?" kept in this process. What this process ends is
 * refused at once, what another one ends within `seconds`. */
export const withSessionCache = ({ accounts, sessions }: Ports, seconds: number): Ports => {
  if (seconds === 0) return { accounts, sessions }
  const cache = openCache(seconds)

  /** Drops before, for those that ask from now on, and after, for those that asked meanwhile. */
  const dropping = async <T>(id: string, work: () => Promise<T>): Promise<T> => {
    cache.drop(id)
    try {
      return await work()
    } finally {
      cache.drop(id)
    }
  }

  return {
    accounts: {
      ...accounts,
      changePassword: (change) => dropping(change.accountId, () => accounts.changePassword(change)),
      delete: (id, sessionId) => dropping(id, () => accounts.delete(id, sessionId)),
    },
    sessions: {
      ...sessions,
      // One more may be one too many, so that another one goes.
      create: (session) => dropping(session.accountId, () => sessions.create(session)),
      find: (id) => cache.find(id, () => sessions.find(id)),
      rotate: (id, ...rest) => dropping(id, () => sessions.rotate(id, ...rest)),
      end: (accountId, id) => dropping(id, () => sessions.end(accountId, id)),
      endOthers: (accountId, id) => dropping(accountId, () => sessions.endOthers(accountId, id)),
    },
  }
}

interface Cache {
  readonly find: (id: string, read: () => Promise<StoredSession | undefined>) => Promise<StoredSession | undefined>
  /** Forgets a session, or all those of an account, that which is being read included. */
  readonly drop: (sessionOrAccountId: string) => void
}

const openCache = (seconds: number): Cache => {
  const idsOf = new Map<string, Set<string>>()
  const known = new LRUCache<string, StoredSession>({
    max: maxSessions,
    ttl: seconds * 1000,
    dispose: ({ id, accountId }) => {
      const ids = idsOf.get(accountId)
      ids?.delete(id)
      if (ids?.size === 0) idsOf.delete(accountId)
    },
  })
  const keep = (session: StoredSession, start: number): void => {
    known.set(session.id, session, { start })
    idsOf.set(session.accountId, (idsOf.get(session.accountId) ?? new Set()).add(session.id))
  }
  // Each read that is under way, with what was dropped since it began.
  const reads = new Set<Set<string>>()

  return {
    find: async (id, read) => {
      const session = known.get(id)
      if (session) return session
      const dropped = new Set<string>()
      reads.add(dropped)
      // What it finds may be over from now on.
      const start = performance.now()
      try {
        const found = await read()
        if (found && !dropped.has(id) && !dropped.has(found.accountId)) keep(found, start)
        return found
      } finally {
        reads.delete(dropped)
      }
    },
    drop: (id) => {
      for (const dropped of reads) dropped.add(id)
      known.delete(id)
      for (const session of [...(idsOf.get(id) ?? [])]) known.delete(session)
    },
  }
}
