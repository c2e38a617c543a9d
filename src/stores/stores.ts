import type { AccountStore } from '../accounts/account-store.ts'
import type { Clock } from '../clock.ts'
import type { SessionLifetimes, SessionStore } from '../sessions/session-store.ts'
import { createMemoryAccountStore } from './memory/account-store.ts'
import { createMemorySessionStore } from './memory/session-store.ts'
import { createTables } from './memory/tables.ts'
import type { Database } from './sql/database.ts'

/** The ports that a service works on, opened together. */
export interface Stores {
  readonly accounts: AccountStore
  readonly sessions: SessionStore
  /** Rejects when the store cannot be reached. */
  readonly ping: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Stores in the memory of this process. */
export const openMemoryStores = (lifetimes: SessionLifetimes, clock: Clock): Stores => {
  const tables = createTables(lifetimes, clock)
  return {
    accounts: createMemoryAccountStore(tables),
    sessions: createMemorySessionStore(tables),
    ping: async () => undefined,
    close: async () => undefined,
  }
}

/** Stores in a database whose schema is current.
 * @param sessionCacheSeconds for how long a session that another process has ended may still be taken for one that lasts */
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

/** Which database, and how it is used. */
export interface DatabaseSettings {
  readonly databaseUrl: string
  /** How many connections to PostgreSQL there are at most. */
  readonly databasePoolSize: number
}

/** Opens the database of a URL; undefined for `memory:`. What a store does not need is not loaded.
 * @param isPatient leaves statements all the time that they need, and expects many of them, as a migration does
 * @throws Failure 'not-ready' or the error of a file that cannot be opened */
export const openDatabase = async (
  { databaseUrl, databasePoolSize: poolSize }: DatabaseSettings,
  isPatient = false,
): Promise<Database | undefined> => {
  if (databaseUrl === 'memory:') return undefined
  if (isSqlite(databaseUrl)) {
    const { openSqlite } = await import('./sql/sqlite.ts')
    return openSqlite(fileOf(databaseUrl), { isPatient })
  }
  const { openPostgres } = await import('./sql/postgres.ts')
  return openPostgres(databaseUrl, { poolSize, isPatient })
}

/** Claims a database for this server, where it can have but one.
 * @returns how to release it; undefined when another server has it
 * @throws the error of a file that cannot be opened */
export const claimDatabase = async (databaseUrl: string): Promise<(() => void) | undefined> => {
  if (!isSqlite(databaseUrl)) return () => undefined
  const { claimFile } = await import('./sql/sqlite-file.ts')
  return claimFile(fileOf(databaseUrl))
}

export const isSqlite = (databaseUrl: string): boolean => databaseUrl.startsWith('sqlite:')
export const fileOf = (databaseUrl: string): string => databaseUrl.slice('sqlite:'.length)
