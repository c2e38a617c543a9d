import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { systemClock } from '../clock.ts'
import { type Config, loadConfig } from '../config.ts'
import { Failure } from '../failure.ts'
import type { Database } from '../stores/sql/database.ts'
import {
  claimDatabase,
  fileOf,
  isSqlite,
  openDatabase,
  openMemoryStores,
  openSqlStores,
  type Stores,
} from '../stores/stores.ts'

/** Writes a line for a person. */
export type Print = (line: string) => unknown

/** Gives the database back. */
export type Release = () => void

/** Takes the database for this server, and brings its schema up to date where the settings want that, or else looks whether
 * it is. Undefined when it cannot be used, which is then printed. */
export const prepareDatabase = async (config: Config, print: Print): Promise<Release | undefined> => {
  // First of all: a newer version must not change the schema beside a server whose file it is then refused.
  const release = await claim(config.databaseUrl, print)
  if (!release || config.databaseUrl === 'memory:') return release
  const isCurrent = await withDatabase(config, print, async (database, { migrate, readSchemaState }) => {
    if (config.migratesOnStart) {
      for (const name of await migrate(database)) print(`The database was migrated: ${name}`)
      return true
    }
    const { pending } = await readSchemaState(database)
    if (pending.length === 0) return true
    print(
      `error: The database lacks ${pending.join(', ')}: run \`npm run sesame -- migrate up\`, or set MIGRATE_ON_START=true.`,
    )
    return false
  })
  if (isCurrent) return release
  release()
  return undefined
}

/** Opens the stores of a service, whose database is prepared. */
export const openStores = async (config: Config): Promise<Stores> => {
  const { sessionLifetimes, sessionCacheSeconds } = config
  const database = await openDatabase(config)
  return database
    ? openSqlStores(database, sessionLifetimes, sessionCacheSeconds)
    : openMemoryStores(sessionLifetimes, systemClock)
}

const claim = async (databaseUrl: string, print: Print): Promise<(() => void) | undefined> => {
  try {
    const release = await claimDatabase(databaseUrl)
    if (!release) {
      print(
        'error: The file of DATABASE_URL has a server already: stop that one, or use PostgreSQL, which takes several.',
      )
    }
    return release
  } catch (error) {
    print(problemOf(error))
    return undefined
  }
}

/** Reads the settings that a command has to do with, and no other, which production would ask for. Undefined when one is
 * wrong, which is then printed. */
export const readSettings = (
  settings: Readonly<Record<string, string | undefined>>,
  print: Print,
): Config | undefined => {
  const loaded = loadConfig(settings)
  if ('config' in loaded) return loaded.config
  for (const problem of loaded.problems) print(`error: ${problem}`)
  return undefined
}

/** Why a command has nothing to work on, if so.
 * @param makesFile whether a file that does not exist is made */
export const databaseProblem = (databaseUrl: string, makesFile = false): string | undefined => {
  if (databaseUrl === 'memory:')
    return 'DATABASE_URL names no database: set it to sqlite: and a file, or to postgres://...'
  if (!makesFile && isSqlite(databaseUrl) && !existsSync(fileOf(databaseUrl)))
    return `DATABASE_URL names a file that does not exist, ${resolve(fileOf(databaseUrl))}: migrate up makes it.`
  return undefined
}

type Migrations = typeof import('../stores/sql/migrate.ts')

/** Runs something on the database of the settings, with statements that may take their time. Undefined when it cannot be
 * used, which is then printed. */
export const withDatabase = async <T>(
  config: Pick<Config, 'databaseUrl' | 'databasePoolSize'>,
  print: Print,
  work: (database: Database, migrations: Migrations) => Promise<T>,
): Promise<T | undefined> => {
  let database: Database | undefined
  try {
    database = await openDatabase({ ...config, databasePoolSize: 1 }, true)
    if (!database) throw new Error('memory: is no database')
    return await work(database, await import('../stores/sql/migrate.ts'))
  } catch (error) {
    print(problemOf(error))
    return undefined
  } finally {
    await database?.close()
  }
}

/** Never with the URL, which may hold a password. */
const problemOf = (error: unknown): string => `error: DATABASE_URL cannot be used: ${reasonOf(error)}.`

/** What has gone wrong with the database, or before it. */
export const reasonOf = (error: unknown): string => {
  const { code = '', message } = (error instanceof Failure ? error.cause : error) as { code?: string; message: string }
  if (code === 'ERR_INVALID_URL' || error instanceof URIError)
    return 'it is no URL; what is special in a name or a password has to be percent-encoded'
  return message.includes(code) ? message : [code, message].filter(Boolean).join(', ')
}
