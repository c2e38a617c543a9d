import { type Kysely, type RawBuilder, sql } from 'kysely'
import { maxPerAccount, type NewSession, type SessionLifetimes, sweptPerLogIn } from '../../sessions/session-store.ts'
import type { Database } from './database.ts'
import { lockRows, lockUnlockedRows } from './locking.ts'
import { type Schema, sessionColumns } from './schema.ts'

/** The statements that open, find and rotate sessions. session-store.ts combines them into transactions. */
export const createSessionStatements = (database: Database, { idleSeconds, absoluteSeconds }: SessionLifetimes) => {
  const { now } = database

  /** Deletes up to `sweptPerLogIn` expired sessions of any account. */
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
          .$call(lockUnlockedRows(database)),
      )
      .execute()

  /** Deletes the sessions of an account beyond `maxPerAccount`, the longest idle first. A session that is refreshed
   * meanwhile has another generation, so it stays. */
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
            // SQLite requires a limit for an offset.
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
          .$call(lockRows(database)),
      )
      .returning(sessionColumns)
      .executeTakeFirst()

  /** Selects active sessions, with the name of their account. */
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

  /** Increments the generation of a session, unless it differs from the given one. */
  const incrementGeneration = (db: Kysely<Schema>, id: string, generation: number) =>
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

  return { sweep, trim, insert, selectCurrent, incrementGeneration }
}

const earlier = (a: RawBuilder<unknown>, b: RawBuilder<unknown>): RawBuilder<number> =>
  sql<number>`case when ${a} < ${b} then ${a} else ${b} end`
