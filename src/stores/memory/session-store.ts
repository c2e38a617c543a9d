import type { Rotation, Session, SessionLifetimes, SessionStore } from '../../sessions/session-store.ts'

// Of one account; a hundred devices are more than anyone has.
const maxPerAccount = 100
// Each log-in looks at so many sessions, in turn: more than one, so that those that are over do not pile up.
const sweptPerLogIn = 4

/** Sessions in the memory of this process: gone when it ends. */
export const createMemorySessionStore = ({ idleSeconds, absoluteSeconds }: SessionLifetimes): SessionStore => {
  const sessions = new Map<string, Session>()
  const ofAccount = new Map<string, Set<string>>()
  let sweep = sessions.values()

  const isOver = ({ openedAt, refreshedAt }: Session, now: number): boolean =>
    now - refreshedAt >= idleSeconds || now - openedAt >= absoluteSeconds

  const remove = ({ id, username }: Session): void => {
    sessions.delete(id)
    const others = ofAccount.get(username)
    others?.delete(id)
    if (others?.size === 0) ofAccount.delete(username)
  }

  const sweepSome = (now: number): void => {
    for (let i = 0; i < sweptPerLogIn; i += 1) {
      const { value } = sweep.next()
      if (value === undefined) {
        sweep = sessions.values()
        return
      }
      if (isOver(value, now)) remove(value)
    }
  }

  const removeLongestIdle = (ids: ReadonlySet<string>): void => {
    let longest: Session | undefined
    for (const id of ids) {
      const session = sessions.get(id)
      if (session && (longest === undefined || session.refreshedAt < longest.refreshedAt)) longest = session
    }
    if (longest) remove(longest)
  }

  const current = (id: string, now: number): Session | undefined => {
    const session = sessions.get(id)
    return session && !isOver(session, now) ? session : undefined
  }

  return {
    create: async (session, now) => {
      sweepSome(now)
      const ids = ofAccount.get(session.username) ?? new Set()
      if (ids.size >= maxPerAccount) removeLongestIdle(ids)
      sessions.set(session.id, session)
      ofAccount.set(session.username, ids.add(session.id))
    },
    find: async (id, now) => current(id, now),
    rotate: async (id, generation, now, reuseIntervalSeconds): Promise<Rotation> => {
      const session = current(id, now)
      if (!session) return { outcome: 'unknown' }
      if (generation === session.generation) {
        const rotated = { ...session, generation: generation + 1, refreshedAt: now }
        sessions.set(id, rotated)
        return { outcome: 'rotated', session: rotated }
      }
      const isRecent = generation === session.generation - 1 && now - session.refreshedAt < reuseIntervalSeconds
      if (isRecent) return { outcome: 'replayed', session }
      remove(session)
      return { outcome: 'reused' }
    },
    end: async (id) => {
      const session = sessions.get(id)
      if (session) remove(session)
    },
  }
}
