import type { Place, Session, SessionStore } from '../../sessions/session-store.ts'
import type { Tables } from './tables.ts'

// Of one account; a hundred devices are more than anyone has.
const maxPerAccount = 100
// Each log-in looks at so many sessions, in turn: more than one, so that those that are over do not pile up.
const sweptPerLogIn = 4

/** Sessions in the memory of this process: gone when it ends. What makes a session outdated removes it in the same
 * step, so that the versions are compared when it is opened, and not each time that it is looked up. */
export const createMemorySessionStore = ({ accounts, sessions }: Tables): SessionStore => {
  const lasting = (accountId: string, now: number): readonly Session[] =>
    sessions.ofAccount(accountId).filter((session) => !sessions.isOver(session, now))

  return {
    create: async (session, now) => {
      sessions.sweep(sweptPerLogIn, now)
      const { accountId, credentialVersion } = session
      if (accounts.get(accountId)?.credentialVersion !== credentialVersion) return 'outdated'
      // One that is over must not cost one that lasts its place.
      const others = lasting(accountId, now)
      if (others.length >= maxPerAccount) sessions.remove(longestIdle(others))
      sessions.put(session)
      return 'created'
    },
    find: async (id, now) => sessions.get(id, now),
    rotate: async (id, generation, now, reuseIntervalSeconds) => {
      const session = sessions.get(id, now)
      if (!session) return { outcome: 'unknown' }
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
    list: async (accountId, limit, after, now) =>
      lasting(accountId, now)
        .filter((session) => after === undefined || comparePlaces(after, session) < 0)
        .sort(comparePlaces)
        .slice(0, limit),
    end: async (accountId, id, now) => {
      const session = sessions.get(id, now)
      if (session?.accountId !== accountId) return 'unknown'
      sessions.remove(session)
      return 'ended'
    },
    endOthers: async (accountId, id, now) => {
      const others = lasting(accountId, now).filter((session) => session.id !== id)
      others.forEach(sessions.remove)
      return others.map((session) => session.id)
    },
  }
}

const longestIdle = (sessions: readonly Session[]): Session =>
  sessions.reduce((longest, session) => (session.refreshedAt < longest.refreshedAt ? session : longest))

/** The latest log-in first. */
const comparePlaces = (a: Place, b: Place): number =>
  b.openedAt - a.openedAt || Number(a.id < b.id) - Number(a.id > b.id)
