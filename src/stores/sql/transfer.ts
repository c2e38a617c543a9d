import { type Kysely, sql } from 'kysely'
import { accountColumns, type AccountRow, type Schema, sessionColumns, type SessionRow } from './schema.ts'

export type { AccountRow, SessionRow } from './schema.ts'

const pageRows = 1_000
// A statement may have at most 32766 values in SQLite, and 65535 in PostgreSQL.
const rowsPerInsert = 1_000

/** Counts the accounts, including deleted ones, and the sessions. */
export const countRows = async (db: Kysely<Schema>): Promise<number> => {
  const count = sql<number>`count(*)`
  const accounts = await db.selectFrom('accounts').select(count.as('count')).executeTakeFirstOrThrow()
  const sessions = await db.selectFrom('sessions').select(count.as('count')).executeTakeFirstOrThrow()
  return accounts.count + sessions.count
}

/** Yields all accounts, including deleted ones, ordered by id. */
export async function* readAccounts(db: Kysely<Schema>): AsyncGenerator<AccountRow> {
  let last = ''
  for (;;) {
    const rows = await db
      .selectFrom('accounts')
      .select(accountColumns)
      .where('id', '>', last)
      .orderBy('id')
      .limit(pageRows)
      .execute()
    yield* rows
    last = rows.at(-1)?.id ?? ''
    if (rows.length < pageRows) return
  }
}

/** Yields all sessions, including expired ones, in the order of the index `sessions_by_account`. */
export async function* readSessions(db: Kysely<Schema>): AsyncGenerator<SessionRow> {
  let last = { account_id: '', opened_at: 0, id: '' }
  for (;;) {
    const { account_id, opened_at, id } = last
    const rows = await db
      .selectFrom('sessions')
      .select(sessionColumns)
      .where((eb) => eb(eb.refTuple('account_id', 'opened_at', 'id'), '>', eb.tuple(account_id, opened_at, id)))
      .orderBy('account_id')
      .orderBy('opened_at')
      .orderBy('id')
      .limit(pageRows)
      .execute()
    yield* rows
    last = rows.at(-1) ?? last
    if (rows.length < pageRows) return
  }
}

/** Adds the accounts whose ids no account has or had.
 * @returns the ids of the added accounts */
export const addAccounts = (db: Kysely<Schema>, rows: readonly AccountRow[]): Promise<Set<string>> =>
  inChunks(rows, (chunk) =>
    db
      .insertInto('accounts')
      .values(chunk)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .execute(),
  )

/** Adds the sessions whose ids do not exist yet. Their accounts must exist.
 * @returns the ids of the added sessions */
export const addSessions = (db: Kysely<Schema>, rows: readonly SessionRow[]): Promise<Set<string>> =>
  inChunks(rows, (chunk) =>
    db
      .insertInto('sessions')
      .values(chunk)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .execute(),
  )

const inChunks = async <Row>(
  rows: readonly Row[],
  add: (chunk: readonly Row[]) => Promise<readonly { readonly id: string }[]>,
): Promise<Set<string>> => {
  const added = new Set<string>()
  for (let i = 0; i < rows.length; i += rowsPerInsert)
    for (const { id } of await add(rows.slice(i, i + rowsPerInsert))) added.add(id)
  return added
}
