import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import type { StoredSession, SessionStore } from '../../src/sessions/session-store.ts'
import { withSessionCache } from '../../src/stores/sql/session-cache.ts'
import type { Stores } from '../../src/stores/stores.ts'
import { openTestStores, storeName } from '../support/stores.ts'

const accountOf = (n: number) => ({
  id: String(n).padStart(64, '0'),
  username: `licat-${n}`,
  passwordHash: 'x',
  credentialVersion: 0,
  createdAt: 0,
})
const account = accountOf(0)
const long = 60

let stores: Stores
let finds: string[]
let found: string[]
let gate: Promise<void> | undefined
beforeEach(async () => {
  stores = await openTestStores({ idleSeconds: 1000, absoluteSeconds: 1000 }, systemClock)
  finds = []
  found = []
  gate = undefined
  await stores.accounts.create(account)
})
afterEach(() => stores.close())

/** The same stores as another process sees them; its reads are counted, and answered when the gate is opened. */
const inProcess = (seconds: number) => {
  const find: SessionStore['find'] = async (id) => {
    finds.push(id)
    const session = await stores.sessions.find(id)
    found.push(id)
    await gate
    return session
  }
  return withSessionCache({ accounts: stores.accounts, sessions: { ...stores.sessions, find } }, seconds)
}
const closeGate = (): (() => void) => {
  let openGate: () => void = () => undefined
  gate = new Promise((resolve) => (openGate = resolve))
  return openGate
}
const open = async (
  { sessions }: Pick<Stores, 'sessions'> = stores,
  { id, username } = account,
): Promise<StoredSession> => {
  const session = await sessions.create({
    id: randomUUID(),
    accountId: id,
    credentialVersion: 0,
    username,
    clientId: 'public',
    scope: '',
    secret: randomBytes(32),
  })
  if (!session) throw new Error('There is no session')
  return session
}

test('a session is looked up once for a while', async () => {
  const here = inProcess(long)
  const { id } = await open()
  for (let i = 0; i < 3; i += 1) expect(await here.sessions.find(id)).toMatchObject({ id })
  expect(finds).toEqual([id])
})

test('a session that does not last is looked up each time', async () => {
  const here = inProcess(long)
  for (let i = 0; i < 3; i += 1) expect(await here.sessions.find(randomUUID())).toBeUndefined()
  expect(finds).toHaveLength(3)
})

test('0 switches it off', async () => {
  const here = inProcess(0)
  const { id } = await open()
  for (let i = 0; i < 3; i += 1) await here.sessions.find(id)
  expect(finds).toHaveLength(3)
})

test('what another process has ended is refused when the time is over', async () => {
  const [here, there] = [inProcess(1), inProcess(1)]
  const { id } = await open()
  await here.sessions.find(id)
  await there.sessions.end(account.id, id)
  expect(await there.sessions.find(id)).toBeUndefined()
  expect(await here.sessions.find(id)).toBeDefined()
  await delay(1050)
  expect(await here.sessions.find(id)).toBeUndefined()
})

test('the time begins with the look-up, not with its answer', async () => {
  const here = inProcess(0.05)
  const { id } = await open()
  const openGate = closeGate()
  const slow = here.sessions.find(id)
  await delay(60)
  openGate()
  await slow
  await here.sessions.find(id)
  expect(finds).toHaveLength(2)
})

const endings: readonly [
  string,
  (here: Pick<Stores, 'accounts' | 'sessions'>, ended: StoredSession, other: StoredSession) => Promise<unknown>,
][] = [
  ['its end', ({ sessions }, { id }) => sessions.end(account.id, id)],
  ['the end of all others', ({ sessions }, _, { id }) => sessions.endOthers(account.id, id)],
  ['a refresh token used twice', ({ sessions }, { id }) => sessions.rotate(id, -1, 0)],
  [
    'a new password',
    ({ accounts }, _, { id }) =>
      accounts.changePassword({ accountId: account.id, credentialVersion: 0, passwordHash: 'y', sessionId: id }),
  ],
  ['the deletion of the account', ({ accounts }, _, { id }) => accounts.delete(account.id, id)],
]

test.each(endings)('%s holds at once in the process that did it', async (_, end) => {
  const here = inProcess(long)
  const [ended, other] = [await open(), await open()]
  await here.sessions.find(ended.id)
  await end(here, ended, other)
  expect(await here.sessions.find(ended.id)).toBeUndefined()
})

test.each(endings)('%s is not undone by a look-up that was under way', async (_, end) => {
  const here = inProcess(long)
  const [ended, other] = [await open(), await open()]
  const openGate = closeGate()
  const before = here.sessions.find(ended.id)
  // The gate holds its answer, which was true when it was read.
  while (found.length === 0) await delay(1)
  await end(here, ended, other)
  openGate()
  await before
  gate = undefined
  expect(await here.sessions.find(ended.id)).toBeUndefined()
})

test('the session that makes room for another one is over at once', async () => {
  const here = inProcess(long)
  const first = await open()
  await here.sessions.find(first.id)
  // In the same second it is any of them: of those that are, the one with the highest id.
  for (let i = 0; i < 100; i += 1) await open(here)
  const listed = await stores.sessions.list(account.id, 200, undefined)
  expect((await here.sessions.find(first.id))?.id).toBe(listed.find(({ id }) => id === first.id)?.id)
  expect(listed).toHaveLength(100)
})

// On the others so many take minutes.
if (storeName === 'memory')
  test('no more than 20 000 sessions are kept', async () => {
    const here = inProcess(long)
    const ids: string[] = []
    for (let n = 1; n <= 201; n += 1) {
      await stores.accounts.create(accountOf(n))
      for (let i = 0; i < 100; i += 1) ids.push((await open(stores, accountOf(n))).id)
    }
    for (const id of ids) await here.sessions.find(id)
    const [first, last] = [ids[0] ?? '', ids.at(-1) ?? '']
    finds = []
    await here.sessions.find(last)
    await here.sessions.find(first)
    expect(finds).toEqual([first])
  })
