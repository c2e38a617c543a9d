import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import pg from 'pg'
import type { StoredSession } from '../../src/sessions/session-store.ts'
import { migrate } from '../../src/stores/sql/migrate.ts'
import { openPostgres } from '../../src/stores/sql/postgres.ts'
import { openSqlStores, type Stores } from '../../src/stores/stores.ts'
import { createTestPostgres } from '../support/stores.ts'

// Verbs that meet in the middle, in an order that another connection dictates by holding a lock: what PostgreSQL does
// there, at READ COMMITTED, is to look at a row again that it had to wait for, and at nothing else.

const lifetimes = { idleSeconds: 1000, absoluteSeconds: 1000 }
const account = { id: 'a'.repeat(64), username: 'licat', passwordHash: 'old', credentialVersion: 0, createdAt: 0 }

let stores: Stores
let holder: pg.Client
// Not the one above: within a transaction what others do looks the same all the time.
let watcher: pg.Client
let remove: () => Promise<void>
beforeEach(async () => {
  const created = await createTestPostgres()
  remove = created.remove
  const database = openPostgres(created.url, { poolSize: 20 })
  await migrate(database)
  stores = await openSqlStores(database, lifetimes, 0)
  await stores.accounts.create(account)
  holder = new pg.Client(created.url)
  watcher = new pg.Client(created.url)
  await Promise.all([holder.connect(), watcher.connect()])
})
afterEach(async () => {
  await Promise.all([holder.end(), watcher.end()])
  await stores.close()
  await remove()
})

const open = async (credentialVersion = 0): Promise<StoredSession> => {
  const session = await stores.sessions.create({
    id: randomUUID(),
    accountId: account.id,
    credentialVersion,
    username: account.username,
    clientId: 'public',
    scope: '',
    secret: randomBytes(32),
  })
  if (!session) throw new Error('There is no session')
  return session
}
const changePassword = ({ id }: StoredSession) =>
  stores.accounts.changePassword({
    accountId: account.id,
    credentialVersion: 0,
    passwordHash: 'new',
    sessionId: id,
  })

const hold = async (table: 'accounts' | 'sessions', id: string): Promise<void> => {
  await holder.query('begin')
  await holder.query(`select id from ${table} where id = $1 for update`, [id])
}
const releaseLock = () => holder.query('commit')

/** Starts a verb, and waits until it waits for a lock behind those that were started before, or is done. */
const startBlocked = async <T>(method: () => Promise<T>): Promise<{ readonly outcome: Promise<T> }> => {
  const before = await countWaiting()
  const outcome = method()
  const done = new AbortController()
  const end = (): void => done.abort()
  outcome.then(end, end)
  while (!done.signal.aborted && (await countWaiting()) === before) await delay(5)
  return { outcome }
}
const countWaiting = async (): Promise<number> => {
  const { rows } = await watcher.query<{ readonly count: number }>(
    `select cast(count(*) as int) as count from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return rows[0]?.count ?? 0
}

test('a refresh that meets the change of the password by the same session is no reuse', async () => {
  const session = await open()
  await hold('sessions', session.id)
  const changed = await startBlocked(() => changePassword(session))
  const rotated = await startBlocked(() => stores.sessions.rotate(session.id, 0, 0))
  await releaseLock()
  expect(await changed.outcome).toBe('changed')
  expect(await rotated.outcome).toMatchObject({ outcome: 'rotated', session: { generation: 1 } })
  expect(await stores.sessions.find(session.id)).toMatchObject({ generation: 1, credentialVersion: 1 })
})

test('a log-out that meets the change of the password by the same session ends it', async () => {
  const session = await open()
  await hold('sessions', session.id)
  const changed = await startBlocked(() => changePassword(session))
  const ended = await startBlocked(() => stores.sessions.end(account.id, session.id))
  await releaseLock()
  expect([await changed.outcome, await ended.outcome]).toEqual(['changed', 'ended'])
  expect(await stores.sessions.find(session.id)).toBeUndefined()
})

test('a session that ends while its change of the password waits changes nothing', async () => {
  const session = await open()
  await hold('accounts', account.id)
  const changed = await startBlocked(() => changePassword(session))
  expect(await stores.sessions.end(account.id, session.id)).toBe('ended')
  await releaseLock()
  expect(await changed.outcome).toBe('ended')
  expect(await stores.accounts.find(account.id)).toEqual(account)
})

test('a session that ends while its deletion of the account waits deletes nothing', async () => {
  const session = await open()
  await hold('accounts', account.id)
  const deleted = await startBlocked(() => stores.accounts.delete(account.id, session.id))
  expect(await stores.sessions.end(account.id, session.id)).toBe('ended')
  await releaseLock()
  expect(await deleted.outcome).toBe('ended')
  expect(await stores.accounts.find(account.id)).toEqual(account)
})

test('a log-in that meets the change of the password opens no session', async () => {
  const session = await open()
  await hold('sessions', session.id)
  const changed = await startBlocked(() => changePassword(session))
  const opened = await startBlocked(() => open().catch((error: unknown) => (error as Error).message))
  await releaseLock()
  expect([await changed.outcome, await opened.outcome]).toEqual(['changed', 'There is no session'])
})

test('a refresh that began before the one that won, but came later, is refused where nothing may be replayed', async () => {
  const session = await open()
  await hold('sessions', session.id)
  const late = await startBlocked(() => stores.sessions.rotate(session.id, 0, 0))
  // The transaction of the late one began in an earlier second.
  await holder.query(
    `update sessions set generation = 1, refreshed_at = cast(floor(extract(epoch from clock_timestamp())) as bigint) + 1
      where id = $1`,
    [session.id],
  )
  await releaseLock()
  expect(await late.outcome).toEqual({ outcome: 'reused' })
})

test('a refreshed session is not the one that makes room', async () => {
  const sessions = []
  for (let i = 0; i < 100; i += 1) sessions.push(await open())
  await holder.query('update sessions set refreshed_at = refreshed_at - 100')
  const [oldest] = sessions as [StoredSession]
  await holder.query('update sessions set refreshed_at = refreshed_at - 100 where id = $1', [oldest.id])
  await holder.query('begin')
  await holder.query('update sessions set generation = 1, refreshed_at = refreshed_at + 200 where id = $1', [oldest.id])
  const opened = await startBlocked(() => open())
  await releaseLock()
  await opened.outcome
  expect(await stores.sessions.find(oldest.id)).toBeDefined()
})
