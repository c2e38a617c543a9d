import { Migrator } from 'kysely'
import type { Database } from './database.ts'
import { migrations } from './migrations/index.ts'

/** What the schema of a database is, against what this version knows. */
export interface SchemaState {
  readonly applied: readonly string[]
  /** Known here, and not applied yet, in order. */
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

/** Applies what is pending. Several processes may do so at once: one does, the others wait and find nothing left.
 * @returns the names of what was applied
 * @throws Failure 'not-ready', or the error of a migration, which then has changed nothing */
export const migrate = async (database: Database): Promise<readonly string[]> => {
  // A newer version may have been here: what it has added is left as it is.
  if ((await readSchemaState(database)).pending.length === 0) return []
  // The migrator has a transaction of its own.
  return database.read(async (db) => {
    const { error, results = [] } = await migratorOf(db).migrateToLatest()
    if (error instanceof Error) throw error
    return results.map(({ migrationName }) => migrationName)
  })
}

const migratorOf = (db: Database['db']): Migrator =>
  new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } })
