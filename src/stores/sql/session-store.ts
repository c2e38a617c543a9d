import { sql } from 'kysely'
import type { StoredSession, SessionLifetimes, SessionStore } from '../../sessions/session-store.ts'
import type { Database } from './database.ts'
import { lockAccount } from './locking.ts'
import type { SessionRow } from './schema.ts'
import { createSessionStatements } from './session-statements.ts'

/** Sessions in a database. See locking.ts for the order of statements. */
export const createSqlSessionStore = (database: Database, lifetimes: SessionLifetimes): SessionStore => {
  const { read, write, now } = database
  const { sweep, trim, insert, selectCurrent, incrementGeneration } = createSessionStatements(database, lifetimes)

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
        const isRotated = (await incrementGeneration(db, id, generation)) !== undefined
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

const sessionOf = (row: SessionRow & { readonly username: string | null }): StoredSession => ({
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
