import { Migrator } from 'kysely'
import type { Database } from './database.ts'
import { migrations } from './migrations/index.ts'

/** The migrations of a database, compared with those of this version. */
export interface SchemaState {
  readonly applied: readonly string[]
  /** The migrations of this version that are not applied yet, in order. */
  readonly pending: readonly string[]
}

/** @throws Failure 'not-ready' */
export const readSchemaState = async ({ read }: Pick<Database, 'read'>): Promise<SchemaState> => {
  const all = await read((db) => migratorOf(db).getMigrations())
  return {
    applied: all.filter(({ executedAt }) => executedAt !== undefined).map(({ name }) => name),
    pending: all.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name),
  }
}

/** Applies the pending migrations. Several processes may call this at once: one migrates, and the others wait.
 * @returns the names of the applied migrations
 * @throws Failure 'not-ready', or the error of a migration, which then changes nothing */
export const migrate = async (database: Database): Promise<readonly string[]> => {
  // Kysely refuses a database that a newer version has migrated. Without pending migrations, that is no error.
  if ((await readSchemaState(database)).pending.length === 0) return []
  // The migrator opens its own transaction.
  return database.read(async (db) => {
    const { error, results = [] } = await migratorOf(db).migrateToLatest()
    if (error instanceof Error) throw error
    return results.map(({ migrationName }) => migrationName)
  })
}

const migratorOf = (db: Database['db']): Migrator =>
  new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } })
