import { availableParallelism } from 'node:os'
import { describe, expect, test } from '@jest/globals'
import { type Config, loadConfig } from '../src/config.ts'

const production = { NODE_ENV: 'production', DATABASE_URL: 'memory:', SECRET_KEY: 'ab12cd34ef56gh78ij90kl12mn34op56' }

const load = (environment: Record<string, string>) => loadConfig(environment)
const problemsOf = (environment: Record<string, string>): string => {
  const loaded = load(environment)
  return 'problems' in loaded ? loaded.problems.join('\n') : ''
}
const configOf = (environment: Record<string, string>): Config => {
  const loaded = load(environment)
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'))
  return loaded.config
}

describe('without any setting', () => {
  test('the chapter works: port 8000, localhost, 30 minutes, any password, and one warning that says so', () => {
    const { config, warnings } = load({}) as { config: Config; warnings: string[] }
    expect(config).toMatchObject({
      mode: 'development',
      host: 'localhost',
      port: 8000,
      accessTokenLifetimeSeconds: 1800,
      passwordMinLength: 1,
      algorithm: 'HS256',
    })
    expect(warnings).toEqual([expect.stringContaining('Development mode')])
  })

  test('the key is another one each time', () => {
    expect(configOf({}).secretKey.equals(configOf({}).secretKey)).toBe(false)
  })
})

test("the chapter's secret works in development, with a warning", () => {
  const { config, warnings } = load({ SECRET_KEY: 'your-secret-key' }) as { config: Config; warnings: string[] }
  expect(config.secretKey.export().toString()).toBe('your-secret-key')
  expect(warnings).toEqual([expect.stringContaining('is a published example')])
})

test('production asks for passwords of 15 characters', () => {
  expect(configOf(production).passwordMinLength).toBe(15)
  expect(configOf({ ...production, PASSWORD_MIN_LENGTH: '8' }).passwordMinLength).toBe(8)
})

describe('production refuses', () => {
  test.each([
    ['a missing key', { SECRET_KEY: '' }, /^SECRET_KEY is missing: .*openssl/],
    ['a short key', { SECRET_KEY: 'short' }, /^SECRET_KEY is shorter than 32 bytes/],
    [
      "FastAPI's example key",
      { SECRET_KEY: '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7' },
      /^SECRET_KEY is a published example/,
    ],
    ['a key that repeats itself', { SECRET_KEY: 'ab'.repeat(20) }, /^SECRET_KEY repeats itself/],
    ['PostgreSQL without an issuer', { DATABASE_URL: 'postgres://db/sesame' }, /^ISSUER is missing/],
    ['no store', { DATABASE_URL: '' }, /^DATABASE_URL is missing/],
    ['a low password length', { PASSWORD_MIN_LENGTH: '7' }, /^PASSWORD_MIN_LENGTH is too low/],
  ])('%s', (_what, change, problem) => {
    expect(problemsOf({ ...production, ...change })).toMatch(problem)
  })
})

describe('a setting is refused by its name, with a remedy and without its value', () => {
  test.each([
    ['NODE_ENV', 'staging'],
    ['HOST', 'http://localhost'],
    ['PORT', '65536'],
    ['PORT', 'eight'],
    ['WORKERS', 'many'],
    ['WORKERS', '0'],
    ['DATABASE_URL', 'mysql://root:hunter2@db'],
    ['DATABASE_URL', 'sqlite3:./other.db'],
    ['DATABASE_POOL_SIZE', '-7'],
    ['SESSION_CACHE_SECONDS', '61'],
    ['MIGRATE_ON_START', 'yes'],
    ['ALGORITHM', 'none'],
    ['ACCESS_TOKEN_EXPIRE_MINUTES', '-7'],
    ['PASSWORD_MIN_LENGTH', '-7'],
    ['CORS_ORIGINS', 'app.other.example'],
    ['CORS_ORIGINS', 'https://app.other.example/'],
    ['ISSUER', 'auth.example.com'],
    ['ISSUER', 'https://auth.example.com/'],
    ['ISSUER', 'https://licat@auth.example.com'],
    ['ISSUER', 'http://:80'],
    ['LOG_LEVEL', 'loud'],
    ['DOCS_PAGE', 'yes'],
  ])('%s=%s', (name, value) => {
    const problem = problemsOf({ [name]: value })
    expect(problem).toMatch(new RegExp(`^${name} is not valid: use .+\\.$`))
    expect(problem).not.toContain(value)
  })

  test('all of them at once', () => {
    expect(problemsOf({ PORT: 'x', LOG_LEVEL: 'x', ISSUER: 'x' }).split('\n')).toHaveLength(3)
    expect(problemsOf({ NODE_ENV: 'production', PASSWORD_MIN_LENGTH: '1' }).split('\n')).toHaveLength(3)
  })
})

describe('a name one edit away from a setting is hinted at', () => {
  test.each([
    ['SECRETKEY', 'SECRET_KEY'],
    ['SECRET_KEYS', 'SECRET_KEY'],
    ['PROT', 'PORT'],
    ['port', 'PORT'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['LOGLEVEL', 'LOG_LEVEL'],
  ])('%s', (name, meant) => {
    expect(load({ [name]: 'hunter2' }).warnings.join()).toContain(`${name} is not a setting: did you mean ${meant}?`)
    expect(load({ [name]: 'hunter2' }).warnings.join()).not.toContain('hunter2')
  })

  test.each(['HOME', 'PATH', 'PWD', 'USER', 'HOSTNAME', 'SHELL'])('%s is not', (name) => {
    expect(load({ ...production, [name]: 'x' }).warnings).toEqual([])
  })
})

test('more than one process is for PostgreSQL', () => {
  for (const DATABASE_URL of ['memory:', 'sqlite:./sesame.db', '']) {
    for (const WORKERS of ['2', 'auto'])
      expect(problemsOf({ DATABASE_URL, WORKERS })).toMatch(/^WORKERS above 1 requires PostgreSQL/)
    expect(configOf({ DATABASE_URL, WORKERS: '1' }).workers).toBe(1)
  }
  const DATABASE_URL = 'postgres://db/sesame'
  expect(configOf({ DATABASE_URL, WORKERS: '3' }).workers).toBe(3)
  expect(configOf({ DATABASE_URL, WORKERS: 'auto' }).workers).toBe(availableParallelism())
})

test('a fraction of a minute is a lifetime in whole seconds', () => {
  expect(configOf({ ACCESS_TOKEN_EXPIRE_MINUTES: '0.05' }).accessTokenLifetimeSeconds).toBe(3)
})

test('a config that is printed shows no key', () => {
  const { config } = load({ SECRET_KEY: 'hunter2hunter2hunter2hunter2hunter2' }) as { config: Config }
  expect(JSON.stringify(config)).not.toContain('hunter2')
})

test.each([
  ['a published example', 'your-256-bit-secret', /SECRET_KEY_PREVIOUS is a published example/],
  ['a short one', 'short', /SECRET_KEY_PREVIOUS is shorter than 32 bytes/],
])('production refuses %s as the previous key, too: whoever has it can forge tokens', (_what, key, problem) => {
  expect(problemsOf({ ...production, SECRET_KEY_PREVIOUS: key })).toMatch(problem)
})
