import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { loadConfig } from '../../src/config.ts'
import { systemClock } from '../../src/clock.ts'
import { migrate, readSchemaState } from '../../src/stores/sql/migrate.ts'
import { openSqlite } from '../../src/stores/sql/sqlite.ts'
import { openSqlStores, type Stores } from '../../src/stores/stores.ts'
import { type Client, contractClient, logIn, readProtected, refresh, signUp } from '../support/contract-client.ts'
import { type RunningService, startService } from '../support/service.ts'

interface Known {
  /** When it was made, since 1970. */
  readonly seconds: number
  readonly secretKey: string
  readonly issuer: string
  readonly account: { readonly username: string; readonly password: string }
  readonly deleted: { readonly username: string; readonly password: string }
  readonly accessToken: string
  readonly refreshToken: string
}

// Each version's, as `node scripts/stored-file.mjs` has written it.
const folder = fileURLToPath(new URL('../fixtures/stored', import.meta.url))
const versions = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length))

describe.each(versions)('a file that version %s has stored', (version) => {
  const known = JSON.parse(readFileSync(join(folder, `${version}.json`), 'utf8')) as Known
  const clock = { ...systemClock, nowSeconds: () => known.seconds + 60 }
  const temporary = mkdtempSync(join(tmpdir(), 'sesame-stored-'))
  let stores: Stores
  let service: RunningService
  let client: Client
  beforeAll(async () => {
    const file = join(temporary, 'sesame.db')
    writeFileSync(file, gunzipSync(readFileSync(join(folder, `${version}.db.gz`))))
    const environment = { SECRET_KEY: known.secretKey, ISSUER: known.issuer, PASSWORD_MIN_LENGTH: '8' }
    const loaded = loadConfig(environment)
    if ('problems' in loaded) throw new Error(loaded.problems.join())
    const database = openSqlite(file, {}, () => sql<number>`cast(${clock.nowSeconds()} as bigint)`)
    await migrate(database)
    expect((await readSchemaState(database)).pending).toEqual([])
    stores = await openSqlStores(database, loaded.config.sessionLifetimes, 0)
    service = await startService({ stores, clock, environment })
    client = contractClient(service.url)
  })
  afterAll(async () => {
    await service.stop()
    await stores.close()
    rmSync(temporary, { recursive: true, force: true })
  })

  test('has its account, in any spelling', async () => {
    expect((await logIn(client, 'LICAT', known.account.password)).status).toBe(200)
    expect((await logIn(client, 'licat', 'another password')).status).toBe(401)
  })

  test('has its session: both tokens are good', async () => {
    expect((await readProtected(client, known.accessToken)).json.message).toContain(known.account.username)
    expect((await refresh(client, known.refreshToken)).status).toBe(200)
  })

  test('remembers the name that was given out', async () => {
    expect((await signUp(client, known.deleted.username, known.deleted.password)).json.code).toBe('username-taken')
  })

  test('takes what is new', async () => {
    expect((await signUp(client, 'gary', 'correct horse battery')).status).toBe(200)
    expect((await logIn(client, 'gary', 'correct horse battery')).status).toBe(200)
  })
})
