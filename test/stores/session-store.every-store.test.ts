import { randomBytes, randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import type { NewSession } from '../../src/sessions/session-store.ts'
import type { Stores } from '../../src/stores/stores.ts'
import { openTestStores } from '../support/stores.ts'

const day = 86_400
const lifetimes = { idleSeconds: 7 * day, absoluteSeconds: 30 * day }
const maxPerAccount = 100
const account = { id: 'a'.repeat(64), username: 'licat', passwordHash: 'x', credentialVersion: 0, createdAt: 0 }

let now = 0
let stores: Stores
beforeEach(async () => {
  now = 0
  stores = await openTestStores(lifetimes, { ...systemClock, nowSeconds: () => now })
  await stores.accounts.create(account)
})
afterEach(() => stores.close())

const newSession = (): NewSession => ({
  id: randomUUID(),
  accountId: account.id,
  credentialVersion: 0,
  username: account.username,
  clientId: 'public',
  scope: '',
  secret: randomBytes(32),
})

const openAt = async (time: number): Promise<string> => {
  now = time
  const session = await stores.sessions.create(newSession())
  expect(session).toMatchObject({ openedAt: time, refreshedAt: time, generation: 0 })
  return session?.id ?? ''
}
const countAt = async (time: number): Promise<number> => {
  now = time
  return (await stores.sessions.list(account.id, 2 * maxPerAccount, undefined)).length
}
const rotateAt = (time: number, id: string, generation: number) => {
  now = time
  return stores.sessions.rotate(id, generation, 0)
}

test('a session comes back as it was stored', async () => {
  const given = newSession()
  const created = await stores.sessions.create(given)
  expect(created).toEqual({ ...given, openedAt: 0, refreshedAt: 0, generation: 0 })
  expect(await stores.sessions.find(given.id)).toEqual(created)
})

test('of more than 100 sessions of one account the one that was longest idle ends', async () => {
  const first = await openAt(0)
  const second = await openAt(1)
  for (let i = 2; i < maxPerAccount; i += 1) await openAt(i)
  await rotateAt(maxPerAccount, first, 0)
  await openAt(maxPerAccount + 1)
  expect(await countAt(maxPerAccount + 1)).toBe(maxPerAccount)
  expect(await stores.sessions.find(first)).toBeDefined()
  expect(await stores.sessions.find(second)).toBeUndefined()
})

test('a session that is over does not cost one that lasts its place', async () => {
  const first = await openAt(0)
  for (let days = 6; days < 30; days += 6) await rotateAt(days * day, first, days / 6 - 1)
  await rotateAt(30 * day - 1, first, 4)
  for (let i = 1; i < maxPerAccount; i += 1) await openAt(28 * day)
  expect(await countAt(30 * day - 1)).toBe(maxPerAccount)
  expect(await countAt(30 * day)).toBe(maxPerAccount - 1)
  await openAt(30 * day)
  expect(await countAt(30 * day)).toBe(maxPerAccount)
})

test('each log-in removes up to four sessions that have expired', async () => {
  for (let i = 0; i < 12; i += 1) await openAt(0)
  // Only at an earlier time do expired sessions show that they are still stored.
  const counts = [await countAt(0)]
  for (let logIns = 0; logIns < 6; logIns += 1) {
    await openAt(7 * day)
    const opened = logIns + 1
    counts.push((await countAt(0)) - opened)
  }
  const removed = counts.slice(1).map((count, i) => (counts[i] ?? 0) - count)
  expect(counts.at(-1)).toBe(0)
  expect(Math.max(...removed)).toBe(4)
})

test('a session that has ended is not refreshed', async () => {
  const id = await openAt(0)
  expect(await stores.sessions.end(account.id, id)).toBe('ended')
  expect(await rotateAt(1, id, 0)).toEqual({ outcome: 'unknown' })
})
