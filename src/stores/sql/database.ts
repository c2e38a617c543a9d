import type { Expression, Kysely } from 'kysely'
import type { Schema } from './schema.ts'

type Work<T> = (db: Kysely<Schema>) => Promise<T>

/** A database that is open, with what SQLite and PostgreSQL do differently. Work may be done more than once: where
 * another one's stands in the way, it is started over for a while.
 * @throws Failure 'not-ready' of its verbs: the database is out of reach, full, or busy for too long */
export interface Database {
  readonly db: Kysely<Schema>
  /** The database's clock, in seconds since 1970. */
  readonly now: () => Expression<number>
  /** Whether several may write at a time, each to rows that the others have not locked. Elsewhere one writes at a time. */
  readonly locksRows?: boolean
  /** For work that changes nothing. */
  readonly read: <T>(work: Work<T>) => Promise<T>
  /** Does all of the work or nothing of it. */
  readonly write: <T>(work: Work<T>) => Promise<T>
  /** For work that reads at length, all of it as the database was at one moment; done once. Others go on writing. */
  readonly snapshot: <T>(work: Work<T>) => Promise<T>
  readonly close: () => Promise<void>
}
