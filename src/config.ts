import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { Ajv, type ErrorObject } from 'ajv'
import leven from 'leven'
import type { LogLevel } from './log.ts'
import { defaultsIn, requiredInProduction, settingNames, type Settings, settings as known } from './settings.ts'

/** The validated settings of a service. */
export interface Config {
  readonly mode: 'development' | 'production'
  readonly host: string
  readonly port: number
  /** How many processes serve on this machine. */
  readonly workers: number
  /** `memory:`, `sqlite:` and a file, or a PostgreSQL URL, which may contain a password. */
  readonly databaseUrl: string
  readonly databasePoolSize: number
  /** How long this process may still accept a session that another process ended. */
  readonly sessionCacheSeconds: number
  /** Whether the server migrates the database schema before it serves. */
  readonly migratesOnStart: boolean
  /** Signs tokens. */
  readonly secretKey: KeyObject
  /** Verifies tokens that were signed before SECRET_KEY changed. */
  readonly previousSecretKey: KeyObject | undefined
  readonly algorithm: 'HS256'
  readonly accessTokenLifetimeSeconds: number
  /** How long a rotated refresh token still returns its successor; 0 when it never does. */
  readonly refreshTokenReuseIntervalSeconds: number
  readonly sessionLifetimes: { readonly idleSeconds: number; readonly absoluteSeconds: number }
  /** The minimum length of new passwords, in code points. */
  readonly passwordMinLength: number
  /** Returns the value of Access-Control-Allow-Origin for an origin; empty when the origin is not allowed. */
  readonly allowOrigin: (origin: string) => string
  /** The default is `http://localhost:` and the port that the service opened. */
  readonly issuer: string | undefined
  /** The default is the issuer. */
  readonly audience: string | undefined
  readonly hasDocsPage: boolean
  readonly logLevel: LogLevel
}

/** The result of `loadConfig`: the config, or all problems at once. */
export type Loaded =
  | { readonly config: Config; readonly warnings: readonly string[] }
  | { readonly problems: readonly string[]; readonly warnings: readonly string[] }

type Environment = Readonly<Record<string, string | undefined>>

const ajv = new Ajv({
  allErrors: true,
  coerceTypes: true,
  verbose: true,
  keywords: ['meaning', 'remedy', 'productionDefault', 'defaultInWords', 'isRequiredInProduction', 'example'],
})
const validate = ajv.compile<Settings>({ type: 'object', properties: known })

// These are published in tutorials, so attackers know them.
const knownSecrets = new Set([
  'your-secret-key',
  'your-256-bit-secret',
  'a-string-secret-at-least-256-bits-long',
  '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7',
])
const minSecretBytes = 32
const minProductionPasswordLength = 8

/** Reads and validates the settings. An empty value counts as unset.
 * @param environment the variables of the process and of `.env` */
export const loadConfig = (environment: Environment): Loaded => {
  const given: Readonly<Record<string, string>> = Object.fromEntries(
    settingNames.flatMap((name) => (environment[name]?.trim() ? [[name, environment[name].trim()]] : [])),
  )
  const mode = given.NODE_ENV === 'production' ? 'production' : 'development'
  const settings: unknown = { ...defaultsIn(mode), ...given }
  const hints = hintsFor(environment)
  if (!validate(settings)) return { problems: (validate.errors ?? []).map(problemOf), warnings: hints }
  const missing = mode === 'production' ? requiredInProduction.filter((name) => !(name in given)) : []
  const problems = [
    ...missing.map((name) => `${name} is missing: ${known[name].remedy}.`),
    ...workerProblems(settings),
    ...(mode === 'production' ? productionProblems(settings) : []),
  ]
  if (problems.length > 0) return { problems, warnings: hints }
  return {
    config: configOf(settings, mode),
    warnings: [...hints, ...(mode === 'production' ? [] : [developmentWarning(settings)])],
  }
}

const problemOf = ({ instancePath, parentSchema }: ErrorObject): string =>
  `${instancePath.slice(1)} is not valid: ${String(parentSchema?.remedy)}.`

const workerProblems = ({ WORKERS, DATABASE_URL }: Settings): string[] =>
  WORKERS === '1' || isShared(DATABASE_URL)
    ? []
    : [
        'WORKERS above 1 requires PostgreSQL, because memory: and sqlite: allow only one process. Remove it, or change DATABASE_URL.',
      ]

const productionProblems = ({
  SECRET_KEY,
  SECRET_KEY_PREVIOUS,
  DATABASE_URL,
  ISSUER,
  PASSWORD_MIN_LENGTH,
}: Settings): string[] => {
  const problems: string[] = []
  const weakness = SECRET_KEY === undefined ? undefined : weaknessOf(SECRET_KEY)
  if (weakness) problems.push(`SECRET_KEY ${weakness}: ${known.SECRET_KEY.remedy}.`)
  // An attacker who has the previous key can forge tokens, too.
  const previous = SECRET_KEY_PREVIOUS === undefined ? undefined : weaknessOf(SECRET_KEY_PREVIOUS)
  if (previous)
    problems.push(`SECRET_KEY_PREVIOUS ${previous}: remove it, which invalidates the tokens that it signed.`)
  if (isShared(DATABASE_URL) && ISSUER === undefined)
    problems.push(
      'ISSUER is missing: set it to the public URL. All processes that share a PostgreSQL database need the same one.',
    )
  if (PASSWORD_MIN_LENGTH < minProductionPasswordLength) {
    problems.push(
      `PASSWORD_MIN_LENGTH is too low for production: use ${minProductionPasswordLength} or more, or remove it for the default of ${known.PASSWORD_MIN_LENGTH.productionDefault}.`,
    )
  }
  return problems
}

/** Says why a secret is weak. Returns undefined when it is not. */
const weaknessOf = (secret: string): string | undefined => {
  if (knownSecrets.has(secret)) return 'is a published example'
  if (Buffer.byteLength(secret) < minSecretBytes) return `is shorter than ${minSecretBytes} bytes`
  if (new Set(secret).size < 8) return 'repeats itself'
  return undefined
}

/** Whether several processes can share the database. */
const isShared = (databaseUrl: string): boolean => databaseUrl.startsWith('postgres')

const developmentWarning = ({ SECRET_KEY, DATABASE_URL }: Settings): string => {
  const accounts = DATABASE_URL === 'memory:' ? 'accounts in memory, ' : ''
  const key =
    SECRET_KEY === undefined ? 'a new random key at each start' : `a key that ${weaknessOf(SECRET_KEY) ?? 'you chose'}`
  return `Development mode: ${accounts}${key}, any password, pages on any localhost origin. Set NODE_ENV=production for real use.`
}

/** Suggests the setting for each variable whose name is one edit away. Such a name is most likely a typing error. */
const hintsFor = (environment: Environment): string[] =>
  Object.keys(environment).flatMap((name) => {
    if (name in known) return []
    const meant = settingNames.find((setting) => isOneEditAway(name.toUpperCase(), setting))
    return meant ? [`${name} is not a setting: did you mean ${meant}?`] : []
  })

// Two swapped letters count as one edit, too. Levenshtein counts them as two.
const isOneEditAway = (name: string, setting: string): boolean => {
  const distance = leven(name, setting)
  return distance <= 1 || (distance === 2 && [...name].sort().join() === [...setting].sort().join())
}

const keyOf = (secret: string): KeyObject => createSecretKey(Buffer.from(secret, 'utf8'))

const day = 86_400

const configOf = (settings: Settings, mode: Config['mode']): Config => {
  const accessTokenLifetimeSeconds = Math.max(1, Math.round(settings.ACCESS_TOKEN_EXPIRE_MINUTES * 60))
  return Object.freeze({
    mode,
    host: settings.HOST,
    port: settings.PORT,
    workers: settings.WORKERS === 'auto' ? availableParallelism() : Number(settings.WORKERS),
    databaseUrl: settings.DATABASE_URL,
    databasePoolSize: settings.DATABASE_POOL_SIZE,
    sessionCacheSeconds: settings.SESSION_CACHE_SECONDS,
    migratesOnStart: settings.MIGRATE_ON_START === 'true',
    secretKey: settings.SECRET_KEY === undefined ? createSecretKey(randomBytes(32)) : keyOf(settings.SECRET_KEY),
    previousSecretKey: settings.SECRET_KEY_PREVIOUS === undefined ? undefined : keyOf(settings.SECRET_KEY_PREVIOUS),
    algorithm: settings.ALGORITHM,
    accessTokenLifetimeSeconds,
    refreshTokenReuseIntervalSeconds: settings.REFRESH_TOKEN_REUSE_INTERVAL_SECONDS,
    // A session lives at least as long as its access tokens.
    sessionLifetimes: {
      idleSeconds: Math.max(7 * day, accessTokenLifetimeSeconds),
      absoluteSeconds: Math.max(30 * day, accessTokenLifetimeSeconds),
    },
    passwordMinLength: settings.PASSWORD_MIN_LENGTH,
    allowOrigin: originRule(settings.CORS_ORIGINS, mode === 'production'),
    issuer: settings.ISSUER,
    audience: settings.AUDIENCE,
    hasDocsPage: settings.DOCS_PAGE === 'on',
    logLevel: settings.LOG_LEVEL,
  })
}

const localOrigin = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/

const originRule = (origins: string | undefined, isProduction: boolean): Config['allowOrigin'] => {
  if (origins === '*') return () => '*'
  if (origins === undefined) return (origin) => (!isProduction && localOrigin.test(origin) ? origin : '')
  // Browsers send origins in lower case and without a default port.
  const allowed = new Set(origins.split(',').map((origin) => new URL(origin.trim()).origin))
  return (origin) => (allowed.has(origin) ? origin : '')
}
