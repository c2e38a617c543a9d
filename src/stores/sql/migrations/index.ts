import type { Migration } from 'kysely'
import { accountsAndSessions } from './2026-11-accounts-and-sessions.ts'

/** Every migration by its name, in order. Each one only adds, so that the version before it runs beside it during a
 * deploy; one that was released is never changed. */
export const migrations: Readonly<Record<string, Migration>> = {
  '2026-11-accounts-and-sessions': accountsAndSessions,
}
