import { randomBytes, randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import pg from 'pg'
import { migrate } from '../../src/stores/sql/migrate.ts'
import { migrations } from '../../src/stores/sql/migrations/index.ts'
import { openPostgres } from '../../src/stores/sql/postgres.ts'
import { openSqlStores } from '../../src/stores/stores.ts'
import { contractClient, logIn, readProtected, refresh, signUp } from '../support/contract-client.ts'
import { startProcess, urlOf } from '../support/process.ts'
import { serveHere } from '../support/serve.ts'
import { sesameHere } from '../support/sesame.ts'
import { createTestPostgres } from '../support/stores.ts'

let url: string
let remove: () => Promise<void>
beforeEach(async () => {
  ;({ url, remove } = await createTestPostgres())
})
afterEach(() => remove())

const production = () => ({
  PORT: '0',
  HOST: '127.0.0.1',
  NODE_ENV: 'production',
  DATABASE_URL: url,
  ISSUER: 'https://auth.example.com',
  SECRET_KEY: 'ab12cd34ef56gh78ij90kl12mn34op56',
})

const all = Object.keys(migrations)
const applied = all.map((name) => `applied  ${name}`).join('\n')
const pending = all.map((name) => `pending  ${name}`).join('\n')

const query = async (text: string): Promise<void> => {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(text)
  await client.end()
}

// What a later version may do while this one runs: it only adds.
const future = `
  alter table accounts add column email text, add column failed_log_ins integer not null default 0;
  alter table sessions add column address text;
  create index sessions_by_address on sessions (address);
  create table keys (id text primary key);
  insert into kysely_migration (name, timestamp) values ('2099-01-future', '2099-01-01T00:00:00.000Z');`

test('of several processes that start at once one makes the schema, and all serve', async () => {
  const servers = Array.from({ length: 4 }, () => startProcess({ ...production(), MIGRATE_ON_START: 'true' }))
  for (const server of servers) {
    const client = contractClient(await urlOf(server))
    expect((await client({ path: '/health/ready' })).status).toBe(200)
  }
  const said = servers.filter(({ stderr }) => stderr().includes('Applied the migration'))
  expect(said).toHaveLength(1)
  for (const { child } of servers) child.kill('SIGKILL')
})

test('production refuses a schema that is behind, and takes it once it was migrated', async () => {
  const refused = await serveHere(production())
  expect(refused.isServing).toBe(false)
  expect(refused.printed).toContainEqual(
    expect.stringMatching(
      /^error: The database lacks .+: run `npm run sesame -- migrate up`, or set MIGRATE_ON_START=true\.$/,
    ),
  )
  const run = (verb: string) => sesameHere(url, ['migrate', verb])
  expect(await run('status')).toMatchObject({ status: 1, stdout: `${pending}\n` })
  expect(await run('up')).toMatchObject({ status: 0, stdout: `${applied}\n` })
  expect(await run('up')).toMatchObject({ stdout: 'The schema is current.\n' })
  expect(await run('status')).toMatchObject({ status: 0, stdout: `${applied}\n` })
  const { isServing, stop } = await serveHere(production())
  expect(isServing).toBe(true)
  await stop({})
})

test('a schema that a later version has made is served, and left as it is', async () => {
  await sesameHere(url, ['migrate', 'up'])
  await query(future)
  const { port, printed, stop } = await serveHere({ ...production(), MIGRATE_ON_START: 'true' })
  const client = contractClient(`http://127.0.0.1:${port}`)
  await signUp(client, 'licat', 'correct horse battery')
  const { json } = await logIn(client, 'licat', 'correct horse battery')
  expect((await readProtected(client, json.access_token)).status).toBe(200)
  expect((await refresh(client, json.refresh_token)).status).toBe(200)
  expect(printed.join('\n')).not.toContain('migrated')
  expect(await sesameHere(url, ['migrate', 'status'])).toMatchObject({ status: 0 })
  await stop({})
})

test('a later version may migrate while this one is at work', async () => {
  // One connection, which has prepared its statements before.
  const database = openPostgres(url, { poolSize: 1 })
  await migrate(database)
  const { accounts, sessions, close } = await openSqlStores(database, { idleSeconds: 100, absoluteSeconds: 100 }, 0)
  const everything = async (n: number): Promise<unknown> => {
    const id = String(n).padStart(64, '0')
    const account = { id, username: `licat-${n}`, passwordHash: 'x', credentialVersion: 0, createdAt: 0 }
    await accounts.create(account)
    const given = { id: randomUUID(), accountId: id, credentialVersion: 0, username: account.username }
    const session = { ...given, clientId: 'public', scope: '', secret: randomBytes(32) }
    return [
      await accounts.find(id),
      { ...(await sessions.create(session)), openedAt: 0, refreshedAt: 0 },
      (await sessions.find(session.id))?.generation,
      (await sessions.rotate(session.id, 0, 0)).outcome,
      (await sessions.list(id, 10, undefined)).length,
      await accounts.changePassword({ accountId: id, credentialVersion: 0, passwordHash: 'y', sessionId: session.id }),
      await sessions.endOthers(id, session.id),
      await accounts.delete(id, session.id),
    ].map((outcome) => typeof outcome)
  }
  const before = await everything(1)
  await query(future)
  expect(await everything(2)).toEqual(before)
  await close()
})
