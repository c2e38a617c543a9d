import type { AccountStore } from '../accounts/account-store.ts'
import type { Clock } from '../clock.ts'
import type { SessionLifetimes, SessionStore } from '../sessions/session-store.ts'
import { createMemoryAccountStore } from './memory/account-store.ts'
import { createMemorySessionStore } from './memory/session-store.ts'
import { createTables } from './memory/tables.ts'
import type { Database } from './sql/database.ts'

/** The open stores of a service. */
export interface Stores {
  readonly accounts: AccountStore
  readonly sessions: SessionStore
  /** Rejects when the store cannot be reached. */
  readonly ping: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Opens stores in the memory of this process. */
export const openMemoryStores = (lifetimes: SessionLifetimes, clock: Clock): Stores => {
  const tables = createTables(lifetimes, clock)
  return {
    accounts: createMemoryAccountStore(tables),
    sessions: createMemorySessionStore(tables),
    ping: async () => undefined,
    close: async () => undefined,
  }
}

/** Opens the stores of a database whose schema is current.
 * @param sessionCacheSeconds how long this process may still accept a session that another process has ended */
export const openSqlStores = async (
  database: Database,
  lifetimes: SessionLifetimes,
  sessionCacheSeconds: number,
): Promise<Stores> => {
  const { createSqlAccountStore } = await import('./sql/account-store.ts')
  const { createSqlSessionStore } = await import('./sql/session-store.ts')
  const { withSessionCache } = await import('./sql/session-cache.ts')
  const accounts = createSqlAccountStore(database)
  const sessions = createSqlSessionStore(database, lifetimes)
  return {
    ...withSessionCache({ accounts, sessions }, sessionCacheSeconds),
    ping: () =>
      database.read(async (db) => {
        await db.selectFrom('accounts').select('id').limit(1).execute()
      }),
    close: database.close,
  }
}

/** The settings of the database. */
export interface DatabaseSettings {
  readonly databaseUrl: string
  /** The maximum number of connections to PostgreSQL. */
  readonly databasePoolSize: number
}

/** Opens the database of a URL. Returns undefined for `memory:`. It loads only the packages that the database needs.
 * @param isLongRunning raises the time limits and runs fewer checkpoints, for commands such as an import or a migration
 * @throws Failure 'not-ready', or the error of a file that cannot be opened */
export const openDatabase = async (
  { databaseUrl, databasePoolSize: poolSize }: DatabaseSettings,
  isLongRunning = false,
): Promise<Database | undefined> => {
  if (databaseUrl === 'memory:') return undefined
  if (isSqlite(databaseUrl)) {
    const { openSqlite } = await import('./sql/sqlite.ts')
    return openSqlite(fileOf(databaseUrl), { isLongRunning })
  }
  const { openPostgres } = await import('./sql/postgres.ts')
  return openPostgres(databaseUrl, { poolSize, isLongRunning })
}

/** Claims a database for this server. Only one server at a time may use a SQLite file. Any number may use a PostgreSQL.
 * @returns a function that releases it; undefined when another server has claimed it
 * @throws the error of a file that cannot be opened */
export const claimDatabase = async (databaseUrl: string): Promise<(() => void) | undefined> => {
  if (!isSqlite(databaseUrl)) return () => undefined
  const { claimFile } = await import('./sql/sqlite-file.ts')
  return claimFile(fileOf(databaseUrl))
}

export const isSqlite = (databaseUrl: string): boolean => databaseUrl.startsWith('sqlite:')
export const fileOf = (databaseUrl: string): string => databaseUrl.slice('sqlite:'.length)
