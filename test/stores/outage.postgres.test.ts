import { randomBytes, randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Kysely, sql } from 'kysely'
import pg from 'pg'
import { Failure } from '../../src/failure.ts'
import type { StoredSession } from '../../src/sessions/session-store.ts'
import type { Database } from '../../src/stores/sql/database.ts'
import { migrate } from '../../src/stores/sql/migrate.ts'
import { openPostgres } from '../../src/stores/sql/postgres.ts'
import type { Schema } from '../../src/stores/sql/schema.ts'
import { openSqlStores, type Stores } from '../../src/stores/stores.ts'
import { contractClient, logIn, readProtected, refresh, signUp } from '../support/contract-client.ts'
import { openRelay, type Relay } from '../support/relay.ts'
import { serveHere } from '../support/serve.ts'
import { startService } from '../support/service.ts'
import { createTestPostgres } from '../support/stores.ts'

const poolSize = 4
const account = { id: 'a'.repeat(64), username: 'licat', passwordHash: 'x', credentialVersion: 0, createdAt: 0 }

let url: string
let remove: () => Promise<void>
let relay: Relay
let database: Database
let stores: Stores
let admin: pg.Client
beforeEach(async () => {
  const created = await createTestPostgres()
  remove = created.remove
  const direct = new URL(created.url)
  relay = await openRelay(direct.hostname, Number(direct.port || 5432))
  direct.host = `127.0.0.1:${relay.port}`
  url = direct.href
  database = openPostgres(url, { poolSize })
  await migrate(database)
  stores = await openSqlStores(database, { idleSeconds: 1000, absoluteSeconds: 1000 }, 0)
  admin = new pg.Client(created.url)
  await admin.connect()
})
afterEach(async () => {
  await admin.end()
  await stores.close()
  await relay.cut()
  await remove()
})

const open = async (): Promise<StoredSession> => {
  const session = await stores.sessions.create({
    id: randomUUID(),
    accountId: account.id,
    credentialVersion: 0,
    username: account.username,
    clientId: 'public',
    scope: '',
    secret: randomBytes(32),
  })
  if (!session) throw new Error('There is no session')
  return session
}

/** How work failed, and after how many milliseconds. */
const failureOf = async (
  work: Promise<unknown>,
): Promise<{ readonly code: unknown; readonly milliseconds: number }> => {
  const start = performance.now()
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return { code: error instanceof Failure ? error.code : error, milliseconds: performance.now() - start }
}

/** The states of the service's connections, as the server sees them. */
const connections = async (): Promise<readonly string[]> => {
  const { rows } = await admin.query<{ readonly state: string }>(
    `select state from pg_stat_activity where datname = current_database() and application_name = 'sesame'`,
  )
  return rows.map(({ state }) => state)
}

const ownPid = async (db: Kysely<Schema>): Promise<number> => {
  const { rows } = await sql<{ readonly pid: number }>`select pg_backend_pid() as pid`.execute(db)
  return rows[0]?.pid ?? 0
}

test('a server that stands still: 503 within 3 seconds, never 401, and all is well once it goes on', async () => {
  const service = await startService({ stores })
  const client = contractClient(service.url)
  await signUp(client, 'licat', '1234')
  const { json: tokens } = await logIn(client, 'licat', '1234')
  relay.freeze()
  const start = performance.now()
  const answers = await Promise.all([
    ...Array.from({ length: 3 * poolSize }, () => readProtected(client, tokens.access_token)),
    ...Array.from({ length: poolSize }, () => refresh(client, tokens.refresh_token)),
    logIn(client, 'licat', '1234'),
    signUp(client, 'gary', '1234'),
    client({ path: '/health/ready' }),
  ])
  expect(performance.now() - start).toBeLessThan(3_000)
  for (const { status, headers } of answers) expect([status, Number(headers['retry-after']) > 0]).toEqual([503, true])
  await relay.mend()
  const back = performance.now()
  while ((await readProtected(client, tokens.access_token)).status !== 200);
  expect(performance.now() - back).toBeLessThan(2_000)
  const after = await Promise.all(
    Array.from({ length: 3 * poolSize }, () => readProtected(client, tokens.access_token)),
  )
  expect(new Set(after.map(({ status }) => status))).toEqual(new Set([200]))
  await service.stop()
  expect(await connections()).toEqual(expect.arrayContaining(['idle']))
  expect((await connections()).length).toBeLessThanOrEqual(poolSize)
  expect(new Set(await connections())).toEqual(new Set(['idle']))
})

test('a server that cannot be reached is said to be so at once, and used as soon as it can', async () => {
  await stores.accounts.create(account)
  await relay.cut()
  for (let i = 0; i < 2 * poolSize; i += 1) {
    const { code, milliseconds } = await failureOf(stores.accounts.find(account.id))
    expect([code, milliseconds < 1_000]).toEqual(['not-ready', true])
  }
  await relay.mend()
  expect(await stores.accounts.find(account.id)).toEqual(account)
})

test('a connection that is lost in the midst of work fails that work, and nothing else', async () => {
  const lost = database.write(async (db) => {
    await admin.query('select pg_terminate_backend($1)', [await ownPid(db)])
    await sql`select pg_sleep(10)`.execute(db)
  })
  expect((await failureOf(lost)).code).toBe('not-ready')
  const between = database.write(async (db) => {
    const pid = await ownPid(db)
    await admin.query('select pg_terminate_backend($1)', [pid])
    while ((await admin.query('select from pg_stat_activity where pid = $1', [pid])).rowCount);
    await ownPid(db)
  })
  expect((await failureOf(between)).code).toBe('not-ready')
  expect(await stores.accounts.find(account.id)).toBeUndefined()
})

test('a table that somebody locks: 503 within 3 seconds, and the connections stay', async () => {
  await stores.accounts.create(account)
  await open()
  const pids = new Set(await Promise.all(Array.from({ length: poolSize }, () => database.read(ownPid))))
  await admin.query('begin; lock table sessions in access exclusive mode')
  const failures = await Promise.all(Array.from({ length: 2 * poolSize }, () => failureOf(stores.sessions.find('x'))))
  for (const { code, milliseconds } of failures) expect([code, milliseconds < 3_000]).toEqual(['not-ready', true])
  await admin.query('commit')
  const after = await Promise.all(Array.from({ length: poolSize }, () => database.read(ownPid)))
  expect(after.filter((pid) => !pids.has(pid))).toEqual([])
})

test('work that is slow step by step has no longer than work that is slow at once', async () => {
  const slow = database.write(async (db) => {
    for (let i = 0; i < 10; i += 1) await sql`select pg_sleep(0.5)`.execute(db)
  })
  const { code, milliseconds } = await failureOf(slow)
  expect([code, milliseconds < 3_000]).toEqual(['not-ready', true])
  while ((await connections()).some((state) => state !== 'idle'));
})

test('where all connections are in use one waits for one, and not for long', async () => {
  const busy = Array.from({ length: poolSize }, () => database.read((db) => sql`select pg_sleep(1.9)`.execute(db)))
  const { code, milliseconds } = await failureOf(database.read((db) => sql`select pg_sleep(1)`.execute(db)))
  expect([code, milliseconds < 3_000]).toEqual(['not-ready', true])
  await Promise.all(busy)
})

test('serialization failures are tried again', async () => {
  await admin.query(
    `do $$ begin execute format('alter database %I set default_transaction_isolation = serializable', current_database()); end $$`,
  )
  const strict = openPostgres(url, { poolSize })
  const { accounts, sessions, close } = await openSqlStores(strict, { idleSeconds: 1000, absoluteSeconds: 1000 }, 0)
  await accounts.create(account)
  const session = await open()
  const rotations = await Promise.all(Array.from({ length: 20 }, () => sessions.rotate(session.id, 0, 10)))
  expect(rotations.filter(({ outcome }) => outcome === 'rotated')).toHaveLength(1)
  expect(rotations.filter(({ outcome }) => outcome === 'replayed')).toHaveLength(19)

  let attempts = 0
  await strict.write(async (db) => {
    attempts += 1
    await db.selectFrom('accounts').select('created_at').execute()
    if (attempts === 1) await admin.query('update accounts set created_at = 1')
    await db.updateTable('accounts').set('created_at', 2).execute()
  })
  expect(attempts).toBe(2)
  await close()
})

test('a conflict that does not end is tried 5 times', async () => {
  let attempts = 0
  const conflicting = database.write((db) => {
    attempts += 1
    return sql`do $$ begin raise exception 'conflict' using errcode = 'serialization_failure'; end $$`.execute(db)
  })
  await expect(conflicting).rejects.toMatchObject({ code: 'not-ready', info: { retryAfterSeconds: 2 } })
  expect(attempts).toBe(5)
})

test('an error of the database goes to the log without what it quotes of a row', async () => {
  await admin.query('alter table accounts add constraint late check (created_at = 0)')
  const error: unknown = await stores.accounts
    .create({ ...account, passwordHash: 'hash-canary', createdAt: 1 })
    .catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: '23514' })
  expect(JSON.stringify({ ...(error as object), message: String(error) })).not.toContain('hash-canary')
})

test.each([
  ['nobody listens', 'postgres://sesame:hunter2@127.0.0.1:1/sesame', /ECONNREFUSED/],
  ['the database is not there', '', /database "nowhere" does not exist/],
  ['the password breaks the URL', 'postgres://sesame:hunter2/#@127.0.0.1:1/sesame', /percent-encode special/],
])('does not start where %s, and says why without the password', async (_what, given, reason) => {
  const nowhere = new URL(url)
  nowhere.pathname = '/nowhere'
  nowhere.password = 'hunter2'
  const { isServing, printed, log } = await serveHere({ PORT: '0', DATABASE_URL: given || nowhere.href })
  expect(isServing).toBe(false)
  expect(printed).toContainEqual(expect.stringMatching(/^error: DATABASE_URL cannot be used: .+\.$/))
  expect(printed.join('\n')).toMatch(reason)
  expect(printed.join('\n') + log()).not.toContain('hunter2')
})
