import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { systemClock } from '../clock.ts'
import type { Config } from '../config.ts'
import { Failure } from '../failure.ts'
import { sesame } from '../package.ts'
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
import { CommandError } from './command-error.ts'
import { readConfig } from './read-config.ts'

/** Releases the claim on the database. */
export type Release = () => void

type Migrations = typeof import('../stores/sql/migrate.ts')
type DatabaseConfig = Pick<Config, 'databaseUrl' | 'databasePoolSize'>

/** Claims the database for this server. Then it migrates the schema, or only checks it if MIGRATE_ON_START is false.
 * @throws CommandError if the database cannot be used */
export const prepareDatabase = async (config: Config, print: (line: string) => unknown): Promise<Release> => {
  // The claim comes first, because a newer version must not migrate a file that a running server uses.
  const release = await claim(config.databaseUrl)
  if (config.databaseUrl === 'memory:') return release
  try {
    await withDatabase(config, async (database, { migrate, readSchemaState }) => {
      if (config.migratesOnStart) {
        for (const name of await migrate(database)) print(`Applied the migration ${name}`)
        return
      }
      requireCurrent(await readSchemaState(database), ', or set MIGRATE_ON_START=true')
    })
    return release
  } catch (error) {
    release()
    throw error
  }
}

/** Opens the stores of a service, after `prepareDatabase`. */
export const openStores = async (config: Config): Promise<Stores> => {
  const { sessionLifetimes, sessionCacheSeconds } = config
  const database = await openDatabase(config)
  return database
    ? openSqlStores(database, sessionLifetimes, sessionCacheSeconds)
    : openMemoryStores(sessionLifetimes, systemClock)
}

const claim = async (databaseUrl: string): Promise<Release> => {
  const release = await claimDatabase(databaseUrl).catch((error: unknown) => {
    throw unusable(error)
  })
  if (release) return release
  throw new CommandError(
    'Another server uses the file of DATABASE_URL: stop it, or use PostgreSQL, which allows several servers.',
  )
}

/** Reads DATABASE_URL.
 * @param createsFile whether the command creates the SQLite file if it does not exist
 * @throws CommandError if the database does not exist */
export const readDatabaseConfig = (
  environment: Readonly<Record<string, string | undefined>>,
  createsFile = false,
): Config => {
  const config = readConfig(environment, 'DATABASE_URL')
  const { databaseUrl } = config
  if (databaseUrl === 'memory:')
    throw new CommandError('DATABASE_URL names no database: set it to sqlite: and a file, or to postgres://...', 2)
  if (!createsFile && isSqlite(databaseUrl) && !existsSync(fileOf(databaseUrl)))
    throw new CommandError(
      `DATABASE_URL names a file that does not exist, ${resolve(fileOf(databaseUrl))}: \`${sesame} migrate up\` creates it.`,
      2,
    )
  return config
}

/** Opens the database, and runs `work` on it without a time limit for statements.
 * @throws CommandError if the database cannot be used */
export const withDatabase = async <T>(
  config: DatabaseConfig,
  work: (database: Database, migrations: Migrations) => Promise<T>,
): Promise<T> => {
  let database: Database | undefined
  try {
    database = await openDatabase({ ...config, databasePoolSize: 1 }, true)
    if (!database) throw new Error('memory: is not a database')
    return await work(database, await import('../stores/sql/migrate.ts'))
  } catch (error) {
    throw unusable(error)
  } finally {
    await database?.close()
  }
}

/** Like `withDatabase`, on the database of DATABASE_URL.
 * @throws CommandError also if its schema is not current */
export const withCurrentDatabase = <T>(
  environment: Readonly<Record<string, string | undefined>>,
  work: (database: Database) => Promise<T>,
): Promise<T> =>
  withDatabase(readDatabaseConfig(environment), async (database, { readSchemaState }) => {
    requireCurrent(await readSchemaState(database))
    return work(database)
  })

const requireCurrent = ({ pending }: { readonly pending: readonly string[] }, alternative = ''): void => {
  if (pending.length === 0) return
  throw new CommandError(`The database lacks ${pending.join(', ')}: run \`${sesame} migrate up\`${alternative}.`)
}

/** The text never contains the URL, which may contain a password. */
const unusable = (error: unknown): CommandError =>
  error instanceof CommandError ? error : new CommandError(`DATABASE_URL cannot be used: ${reasonOf(error)}.`)

/** The reason of an error, as text for a person. */
export const reasonOf = (error: unknown): string => {
  const { code = '', message } = (error instanceof Failure ? error.cause : error) as { code?: string; message: string }
  if (code === 'ERR_INVALID_URL' || error instanceof URIError)
    return 'it is not a URL; percent-encode special characters in the name and the password'
  return message.includes(code) ? message : [code, message].filter(Boolean).join(', ')
}
