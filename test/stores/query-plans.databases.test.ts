import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type CompiledQuery, type KyselyPlugin, sql } from 'kysely'
import { accountId } from '../../src/accounts/usernames.ts'
import type { Database } from '../../src/stores/sql/database.ts'
import { migrate } from '../../src/stores/sql/migrate.ts'
import { addAccounts, addSessions, readAccounts, readSessions } from '../../src/stores/sql/transfer.ts'
import { openDatabase, openSqlStores } from '../../src/stores/stores.ts'
import { createDatabase, storeName } from '../support/stores.ts'

// Every query, as the stores send it, has to find its rows by an index.
const now = Math.floor(Date.now() / 1000)
const account = (username: string) => ({
  id: accountId(username),
  username,
  passwordHash: 'x',
  credentialVersion: 0,
  createdAt: now,
})
const session = (username: string) => ({
  id: randomUUID(),
  accountId: accountId(username),
  credentialVersion: 0,
  username,
  clientId: 'public',
  scope: '',
  secret: randomBytes(32),
})

let open: () => Promise<Database>
let database: Database
let remove: () => Promise<void>
const sent = new Map<string, CompiledQuery>()

beforeAll(async () => {
  const created = await createDatabase()
  remove = created.remove
  open = async () => {
    const opened = await openDatabase({ databaseUrl: created.url, databasePoolSize: 2 })
    if (!opened) throw new Error('memory: has no queries')
    return opened
  }
  database = await open()
  await migrate(database)
  await everyMethod(recorded(database))
})

afterAll(async () => {
  await database.close()
  await remove()
})

/** Wraps the database so that it records its queries. */
const recorded = (given: Database): Database => {
  const { db } = given
  const recorder: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => {
      const query = db.getExecutor().compileQuery(node, queryId)
      sent.set(query.sql, query)
      return node
    },
    transformResult: async ({ result }) => result,
  }
  const recording =
    <T>(work: (by: Database['db']) => Promise<T>) =>
    (by: Database['db']): Promise<T> =>
      work(by.withPlugin(recorder))
  return {
    ...given,
    read: (work) => given.read(recording(work)),
    write: (work) => given.write(recording(work)),
    snapshot: (work) => given.snapshot(recording(work)),
  }
}

/** Calls every method of the ports in each of its cases, and the queries of export and import. */
const everyMethod = async (given: Database): Promise<void> => {
  const { accounts, sessions, ping } = await openSqlStores(given, { idleSeconds: 100, absoluteSeconds: 200 }, 0)
  const id = accountId('licat')
  await ping()
  await accounts.create(account('licat'))
  await accounts.create(account('licat'))
  await accounts.find(id)
  await accounts.replacePasswordHash(id, 'x', 'y')
  const opened = []
  for (let i = 0; i < 5; i += 1) opened.push(await sessions.create(session('licat')))
  const [first = '', second = '', third = ''] = opened.map((each) => each?.id)
  await sessions.find(first)
  for (const generation of [0, 0, 5]) await sessions.rotate(second, generation, 10)
  const [position] = await sessions.list(id, 2, undefined)
  await sessions.list(id, 2, position)
  await sessions.end(id, third)
  await sessions.endOthers(id, first)
  const change = { accountId: id, credentialVersion: 0, passwordHash: 'z', sessionId: first }
  const outcomes = [await accounts.changePassword(change), await accounts.changePassword(change)]
  expect([...outcomes, await accounts.delete(id, first)]).toEqual(['changed', 'outdated', 'deleted'])
  await transferRows(given)
}

const transferRows = async (given: Database): Promise<void> => {
  const ids = ['one', 'two'].map(accountId)
  await given.write(async (db) => {
    const row = { username: 'x', password_hash: 'x', credential_version: 0, created_at: now }
    await addAccounts(
      db,
      ids.map((id) => ({ id, ...row })),
    )
    const times = { opened_at: now, refreshed_at: now, expires_at: now + 100 }
    const others = { credential_version: 0, client_id: 'x', scope: '', ...times, generation: 0, secret: '' }
    await addSessions(
      db,
      ids.map((account_id) => ({ id: randomUUID(), account_id, ...others })),
    )
  })
  await given.snapshot(async (db) => {
    for await (const { id } of readAccounts(db)) expect(id).toHaveLength(64)
    for await (const { id } of readSessions(db)) expect(id).toHaveLength(36)
  })
}

/** What of the plan reads a table, or an index, from one end to the other. */
const scansOf = async ({ db }: Database, { sql: text, parameters }: CompiledQuery): Promise<readonly string[]> =>
  storeName === 'sqlite' ? sqliteScans(db, text, parameters) : postgresScans(db, text, parameters)

type Db = Database['db']

const explained = (db: Db, text: string, parameters: readonly unknown[]) => ({
  ...sql`select 1`.compile(db),
  sql: text,
  parameters,
})

const sqliteScans = async (db: Db, text: string, parameters: readonly unknown[]): Promise<readonly string[]> => {
  const { rows } = await db.executeQuery<{ detail: string }>(explained(db, `explain query plan ${text}`, parameters))
  return rows.map(({ detail }) => detail).filter((detail) => /^SCAN (?!(\d+ )?CONSTANT ROW)/.test(detail))
}

interface Plan extends Readonly<Record<string, unknown>> {
  readonly 'Node Type': string
  readonly Plans?: readonly Plan[]
}

// On a table as small as these PostgreSQL reads all of it, unless it is kept from that where an index serves.
const postgresScans = (given: Db, text: string, parameters: readonly unknown[]): Promise<readonly string[]> =>
  given.transaction().execute(async (db) => {
    await sql`set local enable_seqscan = off`.execute(db)
    const { rows } = await db.executeQuery<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>(
      explained(db, `explain (format json) ${text}`, parameters),
    )
    const [{ Plan: plan } = { Plan: { 'Node Type': 'none' } }] = rows[0]?.['QUERY PLAN'] ?? []
    return nodesOf(plan)
      .filter((node) => / Scan$/.test(node['Node Type']) && !isByIndex(node))
      .map((node) => JSON.stringify({ ...node, Plans: undefined }))
  })

const nodesOf = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

// A scan of rows that the statement brings along, or of what another node has found, reads no table.
const isByIndex = (node: Plan): boolean =>
  'Index Cond' in node || 'Recheck Cond' in node || !('Relation Name' in node || 'Index Name' in node)

/** Those that are to read whatever comes first. */
const isMeantToScan = (text: string): boolean => /^select "id" from "accounts" limit/.test(text)

test('every verb was recorded', () => {
  const texts = [...sent.keys()].join('\n')
  for (const start of ['insert into "accounts"', 'insert into "sessions"', 'update "accounts"', 'update "sessions"'])
    expect(texts).toContain(start)
  expect(texts.match(/^delete from "sessions"/gm)?.length).toBeGreaterThanOrEqual(6)
  expect(sent.size).toBeGreaterThanOrEqual(20)
})

test('every query finds its rows by an index', async () => {
  const scans = []
  for (const query of sent.values())
    for (const scan of isMeantToScan(query.sql) ? [] : await scansOf(database, query))
      scans.push({ query: query.sql, scan })
  expect(scans).toEqual([])
})

test('without an index this is found out', async () => {
  // A plan that was asked for keeps SQLite's table locked for its connection.
  const other = await open()
  await other.db.schema.dropIndex('sessions_by_account').execute()
  const found = new Set<string>()
  for (const query of sent.values()) if ((await scansOf(other, query)).length > 0) found.add(query.sql.slice(0, 20))
  await other.close()
  expect(found).toContain('delete from "session')
})
