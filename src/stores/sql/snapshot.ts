import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Schema } from './schema.ts'

/** Does the work in a transaction that is begun by these words, on a connection of its own. */
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
