import { randomBytes, randomUUID } from 'node:crypto'
import { expect, test } from '@jest/globals'
import type { Session } from '../../src/sessions/session-store.ts'
import { openMemoryStores } from '../../src/stores/stores.ts'

const day = 86_400
const lifetimes = { idleSeconds: 7 * day, absoluteSeconds: 30 * day }
const maxPerAccount = 100
const account = { id: 'a'.repeat(64), username: 'licat', passwordHash: '', credentialVersion: 0, createdAt: 0 }

const sessionAt = (now: number): Session => ({
  id: randomUUID(),
  accountId: account.id,
  credentialVersion: 0,
  username: account.username,
  clientId: 'public',
  scope: '',
  openedAt: now,
  refreshedAt: now,
  generation: 0,
  secret: randomBytes(32),
})

const openStore = async () => {
  const { accounts, sessions } = openMemoryStores(lifetimes)
  await accounts.create(account)
  const open = async (now: number): Promise<string> => {
    const session = sessionAt(now)
    expect(await sessions.create(session, now)).toBe('created')
    return session.id
  }
  const count = async (now: number): Promise<number> =>
    (await sessions.list(account.id, 2 * maxPerAccount, undefined, now)).length
  return { sessions, open, count }
}

test('of more than 100 sessions of one account the one that was longest idle ends', async () => {
  const { sessions, open, count } = await openStore()
  const first = await open(0)
  const second = await open(1)
  for (let i = 2; i < maxPerAccount; i += 1) await open(i)
  await sessions.rotate(first, 0, maxPerAccount, 0)
  await open(maxPerAccount + 1)
  expect(await count(maxPerAccount + 1)).toBe(maxPerAccount)
  expect(await sessions.find(first, maxPerAccount + 1)).toBeDefined()
  expect(await sessions.find(second, maxPerAccount + 1)).toBeUndefined()
})

test('a session that is over does not cost one that lasts its place', async () => {
  const { sessions, open, count } = await openStore()
  const first = await open(0)
  for (let days = 6; days < 30; days += 6) await sessions.rotate(first, days / 6 - 1, days * day, 0)
  await sessions.rotate(first, 4, 30 * day - 1, 0)
  for (let i = 1; i < maxPerAccount; i += 1) await open(28 * day)
  expect(await count(30 * day - 1)).toBe(maxPerAccount)
  expect(await count(30 * day)).toBe(maxPerAccount - 1)
  await open(30 * day)
  expect(await count(30 * day)).toBe(maxPerAccount)
})
