// The three steps of docs/deploy.md, in which two servers on one database get a new SECRET_KEY one after the other.
import { expect, test } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import { contractClient, logIn, readProtected, refresh } from '../support/contract-client.ts'
import { addQuickAccount, quickPassword } from '../support/quick-account.ts'
import { type RunningService, startService } from '../support/service.ts'
import { openTestStores } from '../support/stores.ts'

const day = 86_400
const oldKey = 'the key of before, long enough for HS256'
const newKey = 'the key of today, which is as long as that'

type Keys = Readonly<Record<string, string>>
const start: Keys = { SECRET_KEY: oldKey }
const accepting: Keys = { SECRET_KEY: oldKey, SECRET_KEY_PREVIOUS: newKey }
const signing: Keys = { SECRET_KEY: newKey, SECRET_KEY_PREVIOUS: oldKey }
const done: Keys = { SECRET_KEY: newKey }

/** Replaces the keys of two servers step by step. After each restart, a session moves from each server to the other.
 * @returns the statuses of access and refresh at the other server that were not 200 */
const rotate = async (steps: readonly Keys[]): Promise<readonly number[]> => {
  const stores = await openTestStores({ idleSeconds: 7 * day, absoluteSeconds: 30 * day }, systemClock)
  await addQuickAccount({ stores }, 'licat')
  const serve = (keys: Keys): Promise<RunningService> =>
    startService({ stores, environment: { ISSUER: 'https://auth.example.com', ...keys } })
  const servers = [await serve(start), await serve(start)] as [RunningService, RunningService]
  const refused: number[] = []
  for (const keys of steps) {
    for (const i of [0, 1] as const) {
      await servers[i].stop()
      servers[i] = await serve(keys)
      for (const [from, to] of [servers, [...servers].reverse()] as const) {
        const { json } = await logIn(contractClient(from.url), 'licat', quickPassword)
        const client = contractClient(to.url)
        const statuses = [await readProtected(client, json.access_token), await refresh(client, json.refresh_token)]
        refused.push(...statuses.map(({ status }) => status).filter((status) => status !== 200))
      }
    }
  }
  for (const { stop } of servers) await stop()
  await stores.close()
  return refused
}

test('a new key that every server accepts before one signs with it logs nobody out', async () => {
  expect(await rotate([accepting, signing, done])).toEqual([])
})

test('a new key that one server signs with before the others accept it is refused there', async () => {
  expect(await rotate([signing])).not.toEqual([])
})
