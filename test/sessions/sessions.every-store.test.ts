import { beforeAll, describe, expect, test } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import { startAccountService, type Tokens } from '../support/account-service.ts'
import { refresh } from '../support/contract-client.ts'
import { addQuickAccount } from '../support/quick-account.ts'
import { openTestStores } from '../support/stores.ts'

const day = 86_400
const invalidGrant = { status: 400, json: { error: 'invalid_grant' } }

let at: Awaited<ReturnType<typeof startAccountService>>
beforeAll(async () => {
  at = await startAccountService()
  await addQuickAccount(at, 'licat')
})

const open = (): Promise<Tokens> => at.open('licat')

describe('a session', () => {
  test('ends 7 days after its last refresh', async () => {
    const { refresh_token: token } = await open()
    at.passSeconds(7 * day - 1)
    const { json } = await refresh(at.client, token)
    at.passSeconds(7 * day)
    expect(await refresh(at.client, json.refresh_token)).toMatchObject(invalidGrant)
  })

  test('ends 30 days after the log-in, however often it is refreshed', async () => {
    let tokens = await open()
    for (let days = 5; days < 30; days += 5) {
      at.passSeconds(5 * day)
      tokens = (await refresh(at.client, tokens.refresh_token)).json as Tokens
    }
    at.passSeconds(5 * day)
    expect(await refresh(at.client, tokens.refresh_token)).toMatchObject(invalidGrant)
    expect(await at.isAccepted(tokens)).toBe(false)
  })

  test('lasts as long as an access token when that is longer', async () => {
    const patient = await startAccountService({ environment: { ACCESS_TOKEN_EXPIRE_MINUTES: String(60 * 24 * 60) } })
    const tokens = await patient.open(await patient.addAccount())
    patient.passSeconds(59 * day)
    expect(await patient.isAccepted(tokens)).toBe(true)
  })

  test('ends when its account opens a hundred others while it is the least recently used', async () => {
    const [idle, refreshed] = [await open(), await open()]
    at.passSeconds(1)
    const { json } = await refresh(at.client, refreshed.refresh_token)
    for (let i = 0; i < 99; i += 1) await open()
    expect(await at.isAccepted(idle)).toBe(false)
    expect(await at.isAccepted(json)).toBe(true)
  })
})

test('a new SECRET_KEY logs nobody out while the previous key is kept, and everybody without it', async () => {
  const oldKey = 'the key of before, long enough for HS256'
  const newKey = 'the key of today, which is as long as that'
  const stores = await openTestStores({ idleSeconds: day, absoluteSeconds: day }, systemClock)
  const start = (environment: Readonly<Record<string, string>>) =>
    startAccountService({ stores, environment: { ISSUER: 'http://localhost:8000', ...environment } })

  const before = await start({ SECRET_KEY: oldKey })
  const old = await before.open(await before.addAccount())

  const without = await start({ SECRET_KEY: newKey })
  expect(await without.bothAccepted(old)).toBe(false)

  const after = await start({ SECRET_KEY: newKey, SECRET_KEY_PREVIOUS: oldKey })
  expect(await after.isAccepted(old)).toBe(true)
  const { json: renewed } = await refresh(after.client, old.refresh_token)

  const later = await start({ SECRET_KEY: newKey })
  expect(await later.bothAccepted(renewed)).toBe(true)
  for (const { stop } of [before, without, after, later]) await stop()
  await stores.close()
})
