import { type Kysely, type RawBuilder, sql } from 'kysely'
import {
  maxPerAccount,
  type NewSession,
  type Session,
  type SessionLifetimes,
  type SessionStore,
  sweptPerLogIn,
} from '../../sessions/session-store.ts'
import type { Database } from './database.ts'
import { lockAccount, lockedBy, unlockedBy } from './locking.ts'
import { type Schema, sessionColumns, type SessionRow } from './schema.ts'

/** Sessions in a database. See locking.ts for the order of statements. */
export const createSqlSessionStore = (
  database: Database,
  { idleSeconds, absoluteSeconds }: SessionLifetimes,
): SessionStore => {
  const { read, write, now } = database

  /** Removes a few sessions that are over, of any account. */
  const sweep = (db: Kysely<Schema>) =>
    db
      .deleteFrom('sessions')
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('sessions')
          .select('id')
          .where('expires_at', '<=', now())
          .orderBy('expires_at')
          .limit(sweptPerLogIn)
          .$call(unlockedBy(database)),
      )
      .execute()

  /** Ends what is beyond the bound, the longest idle first. One that is refreshed meanwhile has another generation, and
   * stays. */
  const trim = (db: Kysely<Schema>, { id, accountId }: NewSession) =>
    db
      .deleteFrom('sessions')
      .where((eb) =>
        eb(
          eb.refTuple('id', 'generation'),
          'in',
          eb
            .selectFrom('sessions')
            .select(['id', 'generation'])
            .where('account_id', '=', accountId)
            .where('id', '<>', id)
            .where('expires_at', '>', now())
            .orderBy('refreshed_at', 'desc')
            .orderBy('id')
            // SQLite has no offset without a limit.
            .limit(maxPerAccount)
            .offset(maxPerAccount - 1)
            .$asTuple('id', 'generation'),
        ),
      )
      .execute()

  const insert = (db: Kysely<Schema>, session: NewSession) =>
    db
      .insertInto('sessions')
      .columns(sessionColumns)
      .expression((eb) =>
        eb
          .selectFrom('accounts')
          .select([
            sql<string>`cast(${session.id} as text)`.as('id'),
            'accounts.id as account_id',
            'accounts.credential_version',
            sql<string>`cast(${session.clientId} as text)`.as('client_id'),
            sql<string>`cast(${session.scope} as text)`.as('scope'),
            sql<number>`${now()}`.as('opened_at'),
            sql<number>`${now()}`.as('refreshed_at'),
            sql<number>`${now()} + ${sql.lit(Math.min(idleSeconds, absoluteSeconds))}`.as('expires_at'),
            sql<number>`0`.as('generation'),
            sql<string>`cast(${session.secret.toString('base64url')} as text)`.as('secret'),
          ])
          .where('accounts.id', '=', session.accountId)
          .where('accounts.credential_version', '=', session.credentialVersion)
          .$call(lockedBy(database)),
      )
      .returning(sessionColumns)
      .executeTakeFirst()

  /** Sessions that last, with the name of their account. */
  const selectCurrent = (db: Kysely<Schema>) =>
    db
      .selectFrom('sessions')
      .innerJoin('accounts', (join) =>
        join
          .onRef('accounts.id', '=', 'sessions.account_id')
          .onRef('accounts.credential_version', '=', 'sessions.credential_version'),
      )
      .select(sessionColumns.map((column) => `sessions.${column}` as const))
      .select('accounts.username')
      .where('sessions.expires_at', '>', now())

  /** Counts the generation up where it is this one. */
  const countUp = (db: Kysely<Schema>, id: string, generation: number) =>
    db
      .updateTable('sessions')
      .set((eb) => ({
        generation: eb('generation', '+', 1),
        refreshed_at: now(),
        expires_at: earlier(
          sql`${now()} + ${sql.lit(idleSeconds)}`,
          sql`${eb.ref('opened_at')} + ${sql.lit(absoluteSeconds)}`,
        ),
      }))
      .where('id', '=', id)
      .where('generation', '=', generation)
      .where('expires_at', '>', now())
      .returning('id')
      .executeTakeFirst()

  return {
    create: (session) =>
      write(async (db) => {
        const row = await insert(db, session)
        if (row) await trim(db, session)
        await sweep(db)
        return row && sessionOf({ ...row, username: session.username })
      }),

    find: (id) =>
      read(async (db) => {
        const row = await selectCurrent(db).where('sessions.id', '=', id).executeTakeFirst()
        return row && sessionOf(row)
      }),

    rotate: (id, generation, reuseIntervalSeconds) =>
      write(async (db) => {
        const isRotated = (await countUp(db, id, generation)) !== undefined
        const row = await selectCurrent(db)
          .select(sql<number>`${now()} - sessions.refreshed_at`.as('age'))
          .where('sessions.id', '=', id)
          .executeTakeFirst()
        if (!row) return { outcome: 'unknown' }
        if (isRotated) return { outcome: 'rotated', session: sessionOf(row) }
        const isRecent = generation === row.generation - 1 && Math.max(0, row.age) < reuseIntervalSeconds
        if (isRecent) return { outcome: 'replayed', session: sessionOf(row) }
        await db.deleteFrom('sessions').where('id', '=', id).execute()
        return { outcome: 'reused' }
      }),

    list: (accountId, limit, after) =>
      read(async (db) => {
        const rows = await selectCurrent(db)
          .where('sessions.account_id', '=', accountId)
          .$if(after !== undefined, (query) =>
            query.where((eb) =>
              eb(
                eb.refTuple('sessions.opened_at', 'sessions.id'),
                '<',
                eb.tuple(after?.openedAt ?? 0, after?.id ?? ''),
              ),
            ),
          )
          .orderBy('sessions.opened_at', 'desc')
          .orderBy('sessions.id', 'desc')
          .limit(limit)
          .execute()
        return rows.map(sessionOf)
      }),

    end: (accountId, id) =>
      write(async (db) => {
        const ended = await db
          .deleteFrom('sessions')
          .where('id', '=', id)
          .where('account_id', '=', accountId)
          .where('expires_at', '>', now())
          .returning('credential_version')
          .executeTakeFirst()
        if (!ended) return 'unknown'
        const account = await db
          .selectFrom('accounts')
          .select('credential_version')
          .where('id', '=', accountId)
          .executeTakeFirst()
        return account?.credential_version === ended.credential_version ? 'ended' : 'unknown'
      }),

    endOthers: (accountId, id) =>
      write(async (db) => {
        const version = await lockAccount(db, database, accountId)
        if (version === undefined) return []
        const ended = await db
          .deleteFrom('sessions')
          .where('account_id', '=', accountId)
          .where('id', '<>', id)
          .where('credential_version', '=', version)
          .where('expires_at', '>', now())
          .returning('id')
          .execute()
        return ended.map((row) => row.id)
      }),
  }
}

const earlier = (a: RawBuilder<unknown>, b: RawBuilder<unknown>): RawBuilder<number> =>
  sql<number>`case when ${a} < ${b} then ${a} else ${b} end`

const sessionOf = (row: SessionRow & { readonly username: string | null }): Session => ({
  id: row.id,
  accountId: row.account_id,
  credentialVersion: row.credential_version,
  username: row.username ?? '',
  clientId: row.client_id,
  scope: row.scope,
  openedAt: row.opened_at,
  refreshedAt: row.refreshed_at,
  generation: row.generation,
  secret: Buffer.from(row.secret, 'base64url'),
})
