import type { Migration } from 'kysely'
import { accountsAndSessions } from './2026-11-accounts-and-sessions.ts'

/** All migrations by name, in order. A migration only adds to the schema, so that the previous version still works
 * during a deployment. A released migration never changes. */
export const migrations: Readonly<Record<string, Migration>> = {
  '2026-11-accounts-and-sessions': accountsAndSessions,
}
