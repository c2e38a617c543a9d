import { type Kysely, sql } from 'kysely'
import { accountColumns, type AccountRow, type Schema, sessionColumns, type SessionRow } from './schema.ts'

export type { AccountRow, SessionRow } from './schema.ts'

const pageRows = 1_000
// SQLite takes 32 766 values in one statement, and PostgreSQL 65 535.
const rowsPerInsert = 1_000

/** How many accounts, the deleted ones among them, and sessions there are. */
export const countRows = async (db: Kysely<Schema>): Promise<number> => {
  const count = sql<number>`count(*)`
  const accounts = await db.selectFrom('accounts').select(count.as('count')).executeTakeFirstOrThrow()
  const sessions = await db.selectFrom('sessions').select(count.as('count')).executeTakeFirstOrThrow()
  return accounts.count + sessions.count
}

/** All accounts by their ids, the deleted ones too. */
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

/** All sessions, those that are over too, by the ids of their accounts: in the order in which an index has them. */
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

/** Adds those whose ids were never given out.
 * @returns the ids of what was added */
export const addAccounts = (db: Kysely<Schema>, rows: readonly AccountRow[]): Promise<Set<string>> =>
  inParts(rows, (part) =>
    db
      .insertInto('accounts')
      .values(part)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .execute(),
  )

/** Adds those whose ids are free. Their accounts have to be there.
 * @returns the ids of what was added */
export const addSessions = (db: Kysely<Schema>, rows: readonly SessionRow[]): Promise<Set<string>> =>
  inParts(rows, (part) =>
    db
      .insertInto('sessions')
      .values(part)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .execute(),
  )

const inParts = async <Row>(
  rows: readonly Row[],
  add: (part: readonly Row[]) => Promise<readonly { readonly id: string }[]>,
): Promise<Set<string>> => {
  const added = new Set<string>()
  for (let i = 0; i < rows.length; i += rowsPerInsert)
    for (const { id } of await add(rows.slice(i, i + rowsPerInsert))) added.add(id)
  return added
}
