import { expect, test } from '@jest/globals'
import { contractClient, logIn, refresh } from '../support/contract-client.ts'
import { addQuickAccount, quickPassword } from '../support/quick-account.ts'
import { migratedDatabase, sesameHere, type TestDatabase } from '../support/sesame.ts'
import { startService } from '../support/service.ts'

const serve = async ({ stores }: TestDatabase) => contractClient((await startService({ stores })).url)

const exportOf = async ({ url }: TestDatabase): Promise<string> => (await sesameHere(url, ['export'])).stdout

test('SQLite to PostgreSQL to SQLite: the same export each time, and refresh tokens that go on', async () => {
  const first = await migratedDatabase('sqlite')
  const client = await serve(first)
  const tokens: string[] = []
  // Names in which an order by language and one by bytes differ.
  for (const name of ['a', 'B', 'ä', '리캣', 'z', '\u{1f431}', 'O’Neil']) {
    await addQuickAccount(first, name)
    const token = String((await logIn(client, name, quickPassword)).json.refresh_token)
    tokens.push(String((await refresh(client, token)).json.refresh_token))
  }

  const exported = [await exportOf(first)]
  for (const kind of ['postgres', 'sqlite'] as const) {
    const next = await migratedDatabase(kind)
    expect(await sesameHere(next.url, ['import', '--atomic'], exported.at(-1))).toMatchObject({ status: 0, stderr: '' })
    exported.push(await exportOf(next))
    const there = await serve(next)
    // The last ones go on living here; what was exported is as it was before.
    for (const [i, token] of tokens.entries()) {
      const { status, json } = await refresh(there, token)
      expect(status).toBe(200)
      if (kind === 'sqlite') tokens[i] = String(json.refresh_token)
    }
  }
  expect(exported[1]).toBe(exported[0])
  expect(exported[2]).toBe(exported[0])
})
