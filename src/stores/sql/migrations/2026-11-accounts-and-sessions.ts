import type { Kysely, Migration } from 'kysely'

export const accountsAndSessions: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable('accounts')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('username', 'text')
      .addColumn('password_hash', 'text')
      .addColumn('credential_version', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('sessions')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.id'))
      .addColumn('credential_version', 'integer', (column) => column.notNull())
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('opened_at', 'bigint', (column) => column.notNull())
      .addColumn('refreshed_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('generation', 'integer', (column) => column.notNull())
      .addColumn('secret', 'text', (column) => column.notNull())
      .execute()
    await db.schema
      .createIndex('sessions_by_account')
      .on('sessions')
      .columns(['account_id', 'opened_at', 'id'])
      .execute()
    await db.schema.createIndex('sessions_by_expiry').on('sessions').column('expires_at').execute()
  },
}
