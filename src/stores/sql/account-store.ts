import type { ExpressionBuilder } from 'kysely'
import type { AccountStore } from '../../accounts/account-store.ts'
import type { Database } from './database.ts'
import { lockAccount } from './locking.ts'
import type { Schema, SessionRow } from './schema.ts'

/** Accounts in a database. See locking.ts for the order of statements. */
export const createSqlAccountStore = (database: Database): AccountStore => {
  const { read, write, now } = database

  /** The condition that a row is this session and has not expired. */
  const isCurrent =
    (session: Pick<SessionRow, 'id' | 'account_id' | 'credential_version'>) =>
    (eb: ExpressionBuilder<Schema, 'sessions'>) =>
      eb.and(session).and('expires_at', '>', now())

  return {
    create: (account) =>
      write(async (db) => {
        const { numInsertedOrUpdatedRows: created } = await db
          .insertInto('accounts')
          .values({
            id: account.id,
            username: account.username,
            password_hash: account.passwordHash,
            credential_version: account.credentialVersion,
            created_at: account.createdAt,
          })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .executeTakeFirstOrThrow()
        return created === 1n ? 'created' : 'taken'
      }),

    isTaken: (id) =>
      read(async (db) => {
        const row = await db.selectFrom('accounts').select('id').where('id', '=', id).executeTakeFirst()
        return row !== undefined
      }),

    find: (id) =>
      read(async (db) => {
        const row = await db
          .selectFrom('accounts')
          .select(['username', 'password_hash', 'credential_version', 'created_at'])
          .where('id', '=', id)
          .executeTakeFirst()
        const { username, password_hash: passwordHash } = row ?? {}
        if (!row || !username || !passwordHash) return undefined
        return { id, username, passwordHash, credentialVersion: row.credential_version, createdAt: row.created_at }
      }),

    replacePasswordHash: (id, oldHash, newHash) =>
      write(async (db) => {
        await db
          .updateTable('accounts')
          .set({ password_hash: newHash })
          .where('id', '=', id)
          .where('password_hash', '=', oldHash)
          .execute()
      }),

    changePassword: ({ accountId, credentialVersion, passwordHash, sessionId }) =>
      write(async (db) => {
        const version = await lockAccount(db, database, accountId)
        if (version === undefined) return 'ended'
        const isOutdated = version !== credentialVersion
        const callerSession = await db
          .updateTable('sessions')
          .set({ credential_version: isOutdated ? version : version + 1 })
          .where(isCurrent({ id: sessionId, account_id: accountId, credential_version: version }))
          .returning('id')
          .executeTakeFirst()
        if (!callerSession) return 'ended'
        if (isOutdated) return 'outdated'
        await db
          .updateTable('accounts')
          .set({ password_hash: passwordHash, credential_version: version + 1 })
          .where('id', '=', accountId)
          .execute()
        await db.deleteFrom('sessions').where('account_id', '=', accountId).where('id', '<>', sessionId).execute()
        return 'changed'
      }),

    delete: (id, sessionId) =>
      write(async (db) => {
        const version = await lockAccount(db, database, id)
        if (version === undefined) return 'ended'
        const callerSession = await db
          .deleteFrom('sessions')
          .where(isCurrent({ id: sessionId, account_id: id, credential_version: version }))
          .returning('id')
          .executeTakeFirst()
        if (!callerSession) return 'ended'
        await db
          .updateTable('accounts')
          .set({ username: null, password_hash: null, credential_version: version + 1 })
          .where('id', '=', id)
          .execute()
        await db.deleteFrom('sessions').where('account_id', '=', id).execute()
        return 'deleted'
      }),
  }
}
