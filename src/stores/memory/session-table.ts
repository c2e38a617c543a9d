import type { Clock } from '../../clock.ts'
import type { StoredSession, SessionLifetimes } from '../../sessions/session-store.ts'

/** Holds sessions by id and by account. */
export interface SessionTable {
  /** Returns undefined when the session does not exist or has expired. */
  readonly get: (id: string) => StoredSession | undefined
  /** Adds a session, or replaces the one with its id. */
  readonly put: (session: StoredSession) => void
  readonly remove: (session: StoredSession) => void
  /** Returns the active sessions of an account. */
  readonly ofAccount: (accountId: string) => readonly StoredSession[]
  /** Checks the next `count` sessions, in turn, and removes the expired ones. */
  readonly sweep: (count: number) => void
}

export const createSessionTable = ({ idleSeconds, absoluteSeconds }: SessionLifetimes, clock: Clock): SessionTable => {
  const sessions = new Map<string, StoredSession>()
  const idsOfAccount = new Map<string, Set<string>>()
  let next = sessions.values()

  const isExpired = ({ openedAt, refreshedAt }: StoredSession): boolean => {
    const now = clock.nowSeconds()
    return now - refreshedAt >= idleSeconds || now - openedAt >= absoluteSeconds
  }

  const get = (id: string): StoredSession | undefined => {
    const session = sessions.get(id)
    return session && !isExpired(session) ? session : undefined
  }

  const remove = ({ id, accountId }: StoredSession): void => {
    sessions.delete(id)
    const ids = idsOfAccount.get(accountId)
    ids?.delete(id)
    if (ids?.size === 0) idsOfAccount.delete(accountId)
  }

  return {
    get,
    put: (session) => {
      sessions.set(session.id, session)
      const ids = idsOfAccount.get(session.accountId)
      if (ids) ids.add(session.id)
      else idsOfAccount.set(session.accountId, new Set([session.id]))
    },
    remove,
    ofAccount: (accountId) => [...(idsOfAccount.get(accountId) ?? [])].flatMap((id) => get(id) ?? []),
    sweep: (count) => {
      for (let i = 0; i < count; i += 1) {
        const { value } = next.next()
        if (value === undefined) {
          next = sessions.values()
          return
        }
        if (isExpired(value)) remove(value)
      }
    },
  }
}
