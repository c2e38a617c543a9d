// Each `remedy` completes "NAME ... :". Nothing here ever quotes a value.
export const settingsSchema = {
  type: 'object',
  required: ['NODE_ENV'],
  properties: {
    NODE_ENV: { enum: ['development', 'production', 'test'], remedy: 'use development or production' },
    HOST: {
      type: 'string',
      pattern: '^[^\\s/]+$',
      remedy: 'use a host name or an address without a port, such as localhost or 0.0.0.0',
    },
    PORT: {
      type: 'integer',
      minimum: 0,
      maximum: 65535,
      remedy: 'use a number from 0 to 65535; 0 takes any free port',
    },
    WORKERS: {
      type: 'string',
      pattern: '^(auto|[1-9][0-9]{0,2})$',
      remedy: 'use auto for a process for each core, or a number of processes from 1 to 999',
    },
    DATABASE_URL: {
      type: 'string',
      pattern: '^(memory:|sqlite:(?!//|:memory:|file:).+|postgres(ql)?://.+)$',
      remedy: 'use memory:, or sqlite: and a file as in sqlite:./sesame.db, or postgres://user:password@host/database',
    },
    DATABASE_POOL_SIZE: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      remedy: 'use a number of connections from 1 to 1000',
    },
    SESSION_CACHE_SECONDS: {
      type: 'integer',
      minimum: 0,
      maximum: 60,
      remedy: 'use a number of seconds from 0 (off) to 60',
    },
    MIGRATE_ON_START: { enum: ['true', 'false'], remedy: 'use true or false' },
    SECRET_KEY: { type: 'string', remedy: 'use at least 32 random bytes, such as the output of: openssl rand -hex 32' },
    SECRET_KEY_PREVIOUS: {
      type: 'string',
      remedy: 'use the SECRET_KEY of before, for as long as its tokens are to be valid',
    },
    ALGORITHM: { enum: ['HS256'], remedy: 'use HS256 (this version signs with nothing else)' },
    ACCESS_TOKEN_EXPIRE_MINUTES: {
      type: 'number',
      minimum: 1 / 60,
      maximum: 525_600,
      remedy: 'use a number of minutes from 0.017 (a second) to 525600 (a year)',
    },
    REFRESH_TOKEN_REUSE_INTERVAL_SECONDS: {
      type: 'integer',
      minimum: 0,
      maximum: 60,
      remedy: 'use a number of seconds from 0 (off) to 60',
    },
    PASSWORD_MIN_LENGTH: {
      type: 'integer',
      minimum: 1,
      maximum: 256,
      remedy: 'use a number from 1 to 256, in production from 8',
    },
    CORS_ORIGINS: {
      type: 'string',
      pattern: '^(\\*|https?://[^/\\s,]+(\\s*,\\s*https?://[^/\\s,]+)*)$',
      remedy: 'use origins such as https://app.example.com, separated by commas, or *',
    },
    ISSUER: {
      type: 'string',
      pattern: '^https?://[^\\s?#/@:][^\\s?#/@]*(/[^\\s?#]*[^\\s?#/])?$',
      remedy: 'use the http(s) URL of the service, without a query and without a slash at its end',
    },
    AUDIENCE: { type: 'string', maxLength: 255, remedy: 'use a name or a URL of at most 255 characters' },
    LOG_LEVEL: {
      enum: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      remedy: 'use fatal, error, warn, info, debug, trace or silent',
    },
    RATE_LIMIT: { enum: ['on', 'off'], remedy: 'use on or off (this version has no rate limits)' },
  },
} as const

type Properties = (typeof settingsSchema)['properties']

type ValueOf<Property> = Property extends { readonly enum: readonly (infer Value)[] }
  ? Value
  : Property extends { readonly type: 'string' }
    ? string
    : number

/** What the environment says, checked one by one. */
export type Settings = { readonly [Name in keyof Properties]?: ValueOf<Properties[Name]> } & {
  readonly NODE_ENV: ValueOf<Properties['NODE_ENV']>
}
