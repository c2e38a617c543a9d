import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import type { Clock } from '../../src/clock.ts'
import { Failure } from '../../src/failure.ts'
import type { SessionLifetimes } from '../../src/sessions/session-store.ts'
import type { Database } from '../../src/stores/sql/database.ts'
import { migrate } from '../../src/stores/sql/migrate.ts'
import { openPostgres } from '../../src/stores/sql/postgres.ts'
import { openSqlite } from '../../src/stores/sql/sqlite.ts'
// openSqlStores imports these modules dynamically. Jest sometimes fails when two services do so at once.
import '../../src/stores/sql/account-store.ts'
import '../../src/stores/sql/session-cache.ts'
import '../../src/stores/sql/session-store.ts'
import { openMemoryStores, openSqlStores, type Stores } from '../../src/stores/stores.ts'

/** The store of this run, which the project in jest.config.mjs sets. */
export const storeName = (globalThis as { readonly SESAME_STORE?: 'sqlite' | 'postgres' }).SESAME_STORE ?? 'memory'

/** Opens empty stores of the kind of this run. They use the given clock. */
export const openTestStores = async (lifetimes: SessionLifetimes, clock: Clock): Promise<Stores> => {
  if (storeName === 'memory') return openMemoryStores(lifetimes, clock)
  const { database, remove } = await openTestDatabase(clock)
  await migrate(database)
  const stores = await openSqlStores(database, lifetimes, 0)
  return {
    ...stores,
    close: async () => {
      await stores.close()
      await remove()
    },
  }
}

const openTestDatabase = async (
  clock: Clock,
): Promise<{ readonly database: Database; readonly remove: () => Promise<void> }> => {
  const now = () => sql<number>`cast(${clock.nowSeconds()} as bigint)`
  const { url, remove } = await createDatabase()
  const database = url.startsWith('sqlite:')
    ? openSqlite(url.slice('sqlite:'.length), {}, now)
    : openPostgres(url, { poolSize: 10 }, now)
  return { database, remove }
}

/** Creates an empty database.
 * @param kind by default the store of this run */
export const createDatabase = async (
  kind = storeName,
): Promise<{ readonly url: string; readonly remove: () => Promise<void> }> => {
  if (kind === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'sesame-sqlite-'))
    const remove = async (): Promise<void> => rmSync(folder, { recursive: true, force: true })
    return { url: `sqlite:${join(folder, 'sesame.db')}`, remove }
  }
  return createTestPostgres()
}

/** Creates an empty database on the PostgreSQL server of this run.
 * @param made the end of the SQL statement, with options such as `encoding` */
export const createTestPostgres = async (
  made = '',
): Promise<{ readonly url: string; readonly remove: () => Promise<void> }> => {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await administer(`create database ${name} ${made}`)
  const url = new URL(process.env.TEST_POSTGRES_URL ?? '')
  url.pathname = `/${name}`
  return { url: url.href, remove: () => administer(`drop database if exists ${name} with (force)`) }
}

const administer = async (statement: string): Promise<void> => {
  const client = new pg.Client(process.env.TEST_POSTGRES_URL)
  await client.connect()
  await client.query(statement)
  await client.end()
}

/** Stores whose verbs all fail, with a message that must not reach a client. */
export const failingStores = (): Stores => {
  const fail = async (): Promise<never> => {
    throw new Error('disk on fire at /var/secret')
  }
  return {
    accounts: {
      create: fail,
      isTaken: fail,
      find: fail,
      replacePasswordHash: fail,
      changePassword: fail,
      delete: fail,
    },
    sessions: { create: fail, find: fail, rotate: fail, list: fail, end: fail, endOthers: fail },
    ping: fail,
    close: async () => undefined,
  }
}

/** Stores that are out of reach. */
export const unreachableStores = (): Stores => {
  const { stores, detach } = detachable(failingStores())
  detach()
  return stores
}

/** Wraps stores so that a test can put them out of reach. */
export const detachable = (stores: Stores) => {
  let isDetached = false
  const guarded = <Port extends object>(port: Port): Port =>
    Object.fromEntries(
      Object.entries(port as Record<string, (...given: unknown[]) => Promise<unknown>>).map(([name, verb]) => [
        name,
        async (...given: unknown[]) => {
          if (isDetached) throw new Failure('not-ready', { retryAfterSeconds: 2, cause: new Error('out of reach') })
          return verb(...given)
        },
      ]),
    ) as Port
  return {
    stores: {
      accounts: guarded(stores.accounts),
      sessions: guarded(stores.sessions),
      ping: guarded({ ping: stores.ping }).ping,
      close: stores.close,
    },
    detach: (): void => {
      isDetached = true
    },
    attach: (): void => {
      isDetached = false
    },
  }
}
