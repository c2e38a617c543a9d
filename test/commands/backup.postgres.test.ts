import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { openDatabase, openSqlStores } from '../../src/stores/stores.ts'
import { atEnd } from '../support/at-end.ts'
import { contractClient, logIn, refresh, signUp } from '../support/contract-client.ts'
import { emptyFolder } from '../support/process.ts'
import { migratedDatabase, sesameHere } from '../support/sesame.ts'
import { startService } from '../support/service.ts'
import { createTestPostgres } from '../support/stores.ts'

const { POSTGRES_PROGRAMS: folder } = globalThis as unknown as { readonly POSTGRES_PROGRAMS: string }
const run = (name: string, ...words: string[]) => execFileSync(join(folder, name), words, { stdio: 'pipe' })

const storesOf = async (databaseUrl: string) => {
  const database = await openDatabase({ databaseUrl, databasePoolSize: 10 })
  if (!database) throw new Error('memory: is no database')
  const stores = await openSqlStores(database, { idleSeconds: 600, absoluteSeconds: 600 }, 0)
  atEnd(stores.close)
  return stores
}

test('what pg_dump has written while the service works is served after pg_restore', async () => {
  const { url, stores } = await migratedDatabase('postgres')
  const client = contractClient((await startService({ stores })).url)
  await signUp(client, 'licat', '1234')
  const first = (await logIn(client, 'licat', '1234')).json.refresh_token
  const second = (await refresh(client, first)).json.refresh_token
  const dump = join(emptyFolder(), 'sesame.dump')
  run('pg_dump', '--format=custom', `--file=${dump}`, url)
  await signUp(client, 'gary', '1234')

  const restored = await createTestPostgres()
  atEnd(restored.remove)
  run('pg_restore', '--no-owner', '--exit-on-error', `--dbname=${restored.url}`, dump)
  expect(await sesameHere(restored.url, ['doctor'])).toMatchObject({ status: 0 })
  const other = contractClient((await startService({ stores: await storesOf(restored.url) })).url)
  expect((await refresh(other, second)).status).toBe(200)
  expect((await logIn(other, 'licat', '1234')).status).toBe(200)
  expect((await logIn(other, 'gary', '1234')).status).toBe(401)
})
