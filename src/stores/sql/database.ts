import type { Expression, Kysely } from 'kysely'
import type { Schema } from './schema.ts'

type Work<T> = (db: Kysely<Schema>) => Promise<T>

/** An open database. It hides the differences between SQLite and PostgreSQL. `read` and `write` may run their work more
 * than once, because they retry it after a conflict.
 * @throws Failure 'not-ready' from its methods: the database is unreachable, full, or busy for too long */
export interface Database {
  readonly db: Kysely<Schema>
  /** The database's clock, in seconds since 1970. */
  readonly now: () => Expression<number>
  /** Whether transactions can write at once and lock single rows. Otherwise there is one writer at a time. */
  readonly locksRows?: boolean
  /** Runs work that changes nothing. */
  readonly read: <T>(work: Work<T>) => Promise<T>
  /** Runs work in a transaction. */
  readonly write: <T>(work: Work<T>) => Promise<T>
  /** Runs long work that only reads, on a snapshot of the database. It runs once. Writers continue meanwhile. */
  readonly snapshot: <T>(work: Work<T>) => Promise<T>
  readonly close: () => Promise<void>
}
