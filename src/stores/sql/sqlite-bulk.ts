import { sql } from 'kysely'
import type { Database } from './database.ts'

/** Has a SQLite database write up to 128 MiB to its log before they go to the file: much work on pages all over the file then
 * writes them fewer times. What is acknowledged is synced as before. */
export const prepareForBulk = async ({ db }: Database): Promise<void> => {
  await sql`pragma wal_autocheckpoint = 32768`.execute(db)
}
