/** The schema, the meaning and the default of a setting. `loadConfig` validates the environment with this data, and
 * docs/settings.md and .env.example are generated from it. */
interface Setting {
  /** The fields up to `maxLength` are a JSON Schema of the value. */
  readonly type?: 'string' | 'integer' | 'number'
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly maxLength?: number
  /** The description of the setting, in Markdown. */
  readonly meaning: string
  /** Completes "NAME is not valid: ...". It never quotes the value, which may be a secret. */
  readonly remedy: string
  readonly default?: string | number
  /** The default in production, when it differs. */
  readonly productionDefault?: string | number
  /** Describes a default that is not a fixed value, in Markdown. */
  readonly defaultInWords?: string
  readonly isRequiredInProduction?: true
  /** The value in .env.example, when the default would be a poor example. */
  readonly example?: string
}

export const settings = {
  NODE_ENV: {
    enum: ['development', 'production', 'test'],
    default: 'development',
    example: 'production',
    meaning:
      '`production` requires `SECRET_KEY` and `DATABASE_URL`, and raises the default of `PASSWORD_MIN_LENGTH` to 15.',
    remedy: 'use development or production',
  },
  HOST: {
    type: 'string',
    pattern: '^[^\\s/]+$',
    default: 'localhost',
    meaning:
      'The service listens on this address. `localhost` means 127.0.0.1 and ::1, `0.0.0.0` means every IPv4 address.',
    remedy: 'use a host name or an address without a port, such as localhost or 0.0.0.0',
  },
  PORT: {
    type: 'integer',
    minimum: 0,
    maximum: 65535,
    default: 8000,
    meaning: 'The service listens on this port. `0` selects a free port.',
    remedy: 'use a number from 0 to 65535; 0 selects a free port',
  },
  DATABASE_URL: {
    type: 'string',
    pattern: '^(memory:|sqlite:(?!//|:memory:|file:).+|postgres(ql)?://.+)$',
    default: 'memory:',
    isRequiredInProduction: true,
    example: 'sqlite:./sesame.db',
    meaning:
      'The service stores its data here: `memory:`, `sqlite:` and a file, or `postgres://user:password@host/database`.',
    remedy:
      'use a file as in sqlite:./sesame.db, or postgres://user:password@host/database, or memory:, which loses all data at each restart',
  },
  DATABASE_POOL_SIZE: {
    type: 'integer',
    minimum: 1,
    maximum: 1000,
    default: 10,
    meaning: 'Each process opens at most this many connections to PostgreSQL.',
    remedy: 'use a number of connections from 1 to 1000',
  },
  WORKERS: {
    type: 'string',
    pattern: '^(auto|[1-9][0-9]{0,2})$',
    default: '1',
    meaning:
      'This many processes serve on this machine. More than one requires PostgreSQL. `auto` starts one for each core.',
    remedy: 'use auto for one process per core, or a number of processes from 1 to 999',
  },
  MIGRATE_ON_START: {
    enum: ['true', 'false'],
    default: 'true',
    productionDefault: 'false',
    meaning: '`true` migrates the database schema when the server starts. `false` leaves that to `sesame migrate`.',
    remedy: 'use true or false',
  },
  SESSION_CACHE_SECONDS: {
    type: 'integer',
    minimum: 0,
    maximum: 60,
    default: 1,
    meaning:
      'A process may accept a session for this many seconds after another process ended it. `0` queries the database each time.',
    remedy: 'use a number of seconds from 0 (off) to 60',
  },
  SECRET_KEY: {
    type: 'string',
    defaultInWords: 'a new random key at each start',
    isRequiredInProduction: true,
    example: '',
    meaning:
      'This key signs the tokens. Production requires at least 32 bytes, such as the output of `openssl rand -hex 32`.',
    remedy: 'use at least 32 random bytes, such as the output of: openssl rand -hex 32',
  },
  SECRET_KEY_PREVIOUS: {
    type: 'string',
    example: '',
    meaning: 'The previous `SECRET_KEY`. Tokens that it signed remain valid.',
    remedy: 'use the previous SECRET_KEY while its tokens must remain valid',
  },
  ALGORITHM: {
    enum: ['HS256'],
    default: 'HS256',
    meaning: 'This algorithm signs the tokens. This version supports no other.',
    remedy: 'use HS256, the only algorithm that this version supports',
  },
  ACCESS_TOKEN_EXPIRE_MINUTES: {
    type: 'number',
    minimum: 1 / 60,
    maximum: 525_600,
    default: 30,
    meaning: 'An access token expires after this many minutes. Fractions are allowed.',
    remedy: 'use a number of minutes from 0.017 (a second) to 525600 (a year)',
  },
  REFRESH_TOKEN_REUSE_INTERVAL_SECONDS: {
    type: 'integer',
    minimum: 0,
    maximum: 60,
    default: 10,
    meaning: 'A rotated refresh token still returns its successor for this many seconds. `0` turns this off.',
    remedy: 'use a number of seconds from 0 (off) to 60',
  },
  PASSWORD_MIN_LENGTH: {
    type: 'integer',
    minimum: 1,
    maximum: 256,
    default: 1,
    productionDefault: 15,
    example: '15',
    meaning: 'A new password has at least this many characters. Production requires 8 or more.',
    remedy: 'use a number from 1 to 256, or from 8 to 256 in production',
  },
  CORS_ORIGINS: {
    type: 'string',
    pattern: '^(\\*|https?://[^/\\s,]+(\\s*,\\s*https?://[^/\\s,]+)*)$',
    defaultInWords: 'any localhost origin, in production none',
    example: 'https://app.example.com,https://admin.example.com',
    meaning: 'Web pages of these origins may call the service. Separate origins by commas, or allow all with `*`.',
    remedy: 'use origins such as https://app.example.com, separated by commas, or *',
  },
  ISSUER: {
    type: 'string',
    pattern: '^https?://[^\\s?#/@:][^\\s?#/@]*(/[^\\s?#]*[^\\s?#/])?$',
    defaultInWords: '`http://localhost:PORT`',
    example: 'https://auth.example.com',
    meaning: 'The public URL of the service, and the `iss` of its tokens.',
    remedy: 'use the http(s) URL of the service, without a query or a trailing slash',
  },
  AUDIENCE: {
    type: 'string',
    maxLength: 255,
    defaultInWords: 'the issuer',
    example: 'https://auth.example.com',
    meaning: 'The `aud` of the tokens.',
    remedy: 'use a name or a URL of at most 255 characters',
  },
  DOCS_PAGE: {
    enum: ['on', 'off'],
    default: 'on',
    example: 'off',
    meaning: '`off` turns off the docs page at `/docs`. The contract stays at `/openapi.yaml` and `/openapi.json`.',
    remedy: 'use on or off',
  },
  LOG_LEVEL: {
    enum: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    default: 'info',
    meaning:
      'The service logs entries of this level and above: `fatal`, `error`, `warn`, `info`, `debug` or `trace`. `silent` turns it off.',
    remedy: 'use fatal, error, warn, info, debug, trace or silent',
  },
} as const satisfies Readonly<Record<string, Setting>>

type All = typeof settings
type Name = keyof All
type NameWithDefault = { [N in Name]: All[N] extends { readonly default: unknown } ? N : never }[Name]

type ValueOf<S> = S extends { readonly enum: readonly (infer Value)[] }
  ? Value
  : S extends { readonly type: 'string' }
    ? string
    : number

/** The validated settings of an environment, with defaults. */
export type Settings = { readonly [N in NameWithDefault]: ValueOf<All[N]> } & {
  readonly [N in Exclude<Name, NameWithDefault>]?: ValueOf<All[N]>
}

export const settingNames = Object.keys(settings) as readonly Name[]

/** The value of each setting that has a default. */
export const defaultsIn = (mode: 'development' | 'production'): Readonly<Record<string, string | number>> =>
  Object.fromEntries(
    Object.entries<Setting>(settings).flatMap(([name, setting]) => {
      const value = (mode === 'production' ? setting.productionDefault : undefined) ?? setting.default
      return value === undefined ? [] : [[name, value]]
    }),
  )

export const requiredInProduction: readonly Name[] = settingNames.filter(
  (name) => 'isRequiredInProduction' in settings[name],
)
