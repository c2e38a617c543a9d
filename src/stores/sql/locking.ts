import type { Kysely, SelectQueryBuilder } from 'kysely'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'

// PostgreSQL runs several writers at once. At READ COMMITTED, a statement sees what was committed before it began. When
// it has waited for a locked row, it reads that row again, but no rows of other tables (PostgreSQL manual, 13.2.1). So
// every write follows three rules:
// - A write that changes an account's password, or more than one of its sessions, locks the account first. A write that
//   holds only the lock of a session waits for no other lock. So there is no deadlock.
// - The condition of an `update` or a `delete` reads only its own row. Any other condition is read under the lock of
//   the account, or by a later statement under the lock of the session.
// - Clean-up skips locked rows.
//
// SQLite has one writer at a time, so it needs no row locks.

/** Locks the rows of a query until the transaction ends. Others may still read them, and refer to them by foreign
 * keys. */
export const lockRows =
  ({ locksRows = false }: Pick<Database, 'locksRows'>) =>
  <Tables extends keyof Schema, Row>(
    query: SelectQueryBuilder<Schema, Tables, Row>,
  ): SelectQueryBuilder<Schema, Tables, Row> =>
    locksRows ? query.forNoKeyUpdate() : query

/** Locks the rows of a query, and skips those that another transaction has locked. */
export const lockUnlockedRows =
  ({ locksRows = false }: Pick<Database, 'locksRows'>) =>
  <Tables extends keyof Schema, Row>(
    query: SelectQueryBuilder<Schema, Tables, Row>,
  ): SelectQueryBuilder<Schema, Tables, Row> =>
    locksRows ? query.forUpdate().skipLocked() : query

/** Locks an account.
 * @returns its credential version, which no other transaction can change until this one ends; undefined when the
 * account does not exist */
export const lockAccount = async (
  db: Kysely<Schema>,
  database: Pick<Database, 'locksRows'>,
  id: string,
): Promise<number | undefined> => {
  const query = db.selectFrom('accounts').select('credential_version').where('id', '=', id)
  return (await lockRows(database)(query).executeTakeFirst())?.credential_version
}
