import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Schema } from './schema.ts'

/** Runs read-only work in its own transaction, on one connection. It always rolls back.
 * @param begin the statement that begins the transaction */
export const inSnapshot = <T>(
  db: Kysely<Schema>,
  begin: RawBuilder<unknown>,
  work: (db: Kysely<Schema>) => Promise<T>,
): Promise<T> =>
  db.connection().execute(async (connection) => {
    await begin.execute(connection)
    try {
      return await work(connection)
    } finally {
      await sql`rollback`.execute(connection)
    }
  })
