import {
  maxPerAccount,
  type ListPosition,
  type StoredSession,
  type SessionStore,
  sweptPerLogIn,
} from '../../sessions/session-store.ts'
import type { Tables } from './tables.ts'

/** Keeps sessions in the memory of this process, until it ends. A change of the password removes the other sessions in
 * the same step. So only `create` compares credential versions. */
export const createMemorySessionStore = ({ accounts, sessions, clock }: Tables): SessionStore => ({
  create: async (newSession) => {
    sessions.sweep(sweptPerLogIn)
    const { accountId, credentialVersion } = newSession
    if (accounts.get(accountId)?.credentialVersion !== credentialVersion) return undefined
    const others = sessions.ofAccount(accountId)
    if (others.length >= maxPerAccount) sessions.remove(longestIdle(others))
    const now = clock.nowSeconds()
    const session = { ...newSession, openedAt: now, refreshedAt: now, generation: 0 }
    sessions.put(session)
    return session
  },
  find: async (id) => sessions.get(id),
  rotate: async (id, generation, reuseIntervalSeconds) => {
    const session = sessions.get(id)
    if (!session) return { outcome: 'unknown' }
    const now = clock.nowSeconds()
    if (generation === session.generation) {
      const rotated = { ...session, generation: generation + 1, refreshedAt: now }
      sessions.put(rotated)
      return { outcome: 'rotated', session: rotated }
    }
    const isRecent = generation === session.generation - 1 && now - session.refreshedAt < reuseIntervalSeconds
    if (isRecent) return { outcome: 'replayed', session }
    sessions.remove(session)
    return { outcome: 'reused' }
  },
  list: async (accountId, limit, after) =>
    sessions
      .ofAccount(accountId)
      .filter((session) => after === undefined || comparePositions(after, session) < 0)
      .sort(comparePositions)
      .slice(0, limit),
  end: async (accountId, id) => {
    const session = sessions.get(id)
    if (session?.accountId !== accountId) return 'unknown'
    sessions.remove(session)
    return 'ended'
  },
  endOthers: async (accountId, id) => {
    const others = sessions.ofAccount(accountId).filter((session) => session.id !== id)
    others.forEach(sessions.remove)
    return others.map((session) => session.id)
  },
})

const longestIdle = (sessions: readonly StoredSession[]): StoredSession =>
  sessions.reduce((longest, session) => (session.refreshedAt < longest.refreshedAt ? session : longest))

/** Sorts the latest log-in first. */
const comparePositions = (a: ListPosition, b: ListPosition): number =>
  b.openedAt - a.openedAt || Number(a.id < b.id) - Number(a.id > b.id)
