import type { Kysely, SelectQueryBuilder } from 'kysely'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'

// PostgreSQL lets several write at a time. At its usual READ COMMITTED each statement sees what was committed before it
// began; a row that it has to wait for it looks at again, and at no other row: a condition on a second table is then
// judged by what that table was before. Hence three rules for every verb that writes:
// - What changes an account's password, or more than one of its sessions, locks the account first. Who has the lock of a
//   session alone waits for nothing more, so that no two wait for each other.
// - The condition of an `update` or a `delete` is about its own row. What else there is to know is read under the lock
//   of the account, or by a later statement, under that of the session.
// - What is only tidied up is passed over where it is locked.
// SQLite has one writer at a time, and needs no locks.

/** The rows of a query are this transaction's to write until its end; others may refer to them, and read them. */
export const lockedBy =
  ({ locksRows = false }: Pick<Database, 'locksRows'>) =>
  <Tables extends keyof Schema, Row>(
    query: SelectQueryBuilder<Schema, Tables, Row>,
  ): SelectQueryBuilder<Schema, Tables, Row> =>
    locksRows ? query.forNoKeyUpdate() : query

/** Those of the rows that nobody else is about to change, locked. */
export const unlockedBy =
  ({ locksRows = false }: Pick<Database, 'locksRows'>) =>
  <Tables extends keyof Schema, Row>(
    query: SelectQueryBuilder<Schema, Tables, Row>,
  ): SelectQueryBuilder<Schema, Tables, Row> =>
    locksRows ? query.forUpdate().skipLocked() : query

/** Locks an account.
 * @returns its credential version, which no other one changes until this transaction has ended; undefined where there is
 * none */
export const lockAccount = async (
  db: Kysely<Schema>,
  database: Pick<Database, 'locksRows'>,
  id: string,
): Promise<number | undefined> => {
  const query = db.selectFrom('accounts').select('credential_version').where('id', '=', id)
  return (await lockedBy(database)(query).executeTakeFirst())?.credential_version
}
