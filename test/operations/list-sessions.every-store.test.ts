import { beforeAll, beforeEach, expect, test } from '@jest/globals'
import { startAccountService, type Tokens } from '../support/account-service.ts'
import { allScopes, type Received, refresh, withToken } from '../support/contract-client.ts'
import { claimsOf } from '../support/http.ts'

const day = 86_400

let at: Awaited<ReturnType<typeof startAccountService>>
let name = ''
beforeAll(async () => {
  at = await startAccountService()
})
beforeEach(async () => {
  name = await at.addAccount()
})

const open = (fields: Readonly<Record<string, string>> = {}): Promise<Tokens> => at.open(name, fields)
const openMany = async (count: number): Promise<Tokens[]> => {
  const opened: Tokens[] = []
  for (let i = 0; i < count; i += 1) opened.push(await open())
  return opened
}
const list = ({ access_token: token }: Tokens, query = ''): Promise<Received> =>
  withToken(at.client, token)({ path: `/sessions${query}` })
const idsOf = ({ json }: Received): string[] => json.sessions.map(({ session_id: id }: { session_id: string }) => id)
const idOf = ({ access_token: token }: Tokens): string => claimsOf(token).sid
const end = (asking: Tokens, ended: Tokens): Promise<Received> =>
  withToken(at.client, asking.access_token)({ method: 'DELETE', path: `/sessions/${idOf(ended)}` })

test('lists the sessions of the account, latest log-in first, and marks the current one', async () => {
  const secondsAfter = (seconds: number): string => `${new Date((begin + seconds) * 1000).toISOString().slice(0, 19)}Z`
  const begin = at.nowSeconds()
  const own = await open()
  at.passSeconds(60)
  const phone = await open({ client_id: 'phone', scope: 'sessions:read' })
  await at.open(await at.addAccount())
  at.passSeconds(60)
  const { json: renewed } = await refresh(at.client, own.refresh_token)
  const { status, json } = await list(renewed)
  expect(status).toBe(200)
  expect(json).toEqual({
    sessions: [
      {
        session_id: idOf(phone),
        client_id: 'phone',
        scope: 'sessions:read',
        created_at: secondsAfter(60),
        refreshed_at: secondsAfter(60),
        is_current: false,
      },
      {
        session_id: idOf(own),
        client_id: 'public',
        scope: allScopes,
        created_at: secondsAfter(0),
        refreshed_at: secondsAfter(120),
        is_current: true,
      },
    ],
  })
})

test('omits sessions that were ended or have expired', async () => {
  const [own, ended, idle] = (await openMany(3)) as [Tokens, Tokens, Tokens]
  await end(own, ended)
  at.passSeconds(7 * day - 1)
  const { json: renewed } = await refresh(at.client, own.refresh_token)
  at.passSeconds(1)
  expect(await at.isAccepted(idle)).toBe(false)
  expect(idsOf(await list(renewed))).toEqual([idOf(renewed)])
})

test.each([1, 2, 3, 7, 100])(
  'lists each session once in pages of %d, even when several were opened within one second',
  async (limit) => {
    const all: Tokens[] = []
    for (const count of [1, 4, 4, 1]) {
      all.push(...(await openMany(count)))
      at.passSeconds(1)
    }
    const [tokens] = all as [Tokens]
    const whole = idsOf(await list(tokens, '?limit=100'))
    const pages: string[][] = []
    for (let query = `?limit=${limit}`; query !== '';) {
      const page = await list(tokens, query)
      pages.push(idsOf(page))
      const { next_cursor: cursor } = page.json
      query = cursor === undefined ? '' : `?limit=${limit}&cursor=${cursor}`
    }
    expect(pages.flat()).toEqual(whole)
    expect(new Set(whole)).toEqual(new Set(all.map(idOf)))
    expect(pages).toHaveLength(Math.ceil(10 / limit))
  },
)

test('lists 20 sessions per page by default', async () => {
  const [tokens] = (await openMany(21)) as [Tokens]
  const first = await list(tokens)
  expect(idsOf(first)).toHaveLength(20)
  const second = await list(tokens, `?cursor=${first.json.next_cursor}`)
  expect(idsOf(second)).toHaveLength(1)
  expect(second.json).not.toHaveProperty('next_cursor')
})

test('continues after a session that was ended in the meantime', async () => {
  const opened = await openMany(4)
  const [own] = opened as [Tokens]
  const whole = idsOf(await list(own))
  const first = await list(own, '?limit=2')
  const last = opened.find((tokens) => idOf(tokens) === idsOf(first)[1]) as Tokens
  const asking = opened.find((tokens) => tokens !== last) as Tokens
  await end(asking, last)
  expect(idsOf(await list(asking, `?cursor=${first.json.next_cursor}`))).toEqual(whole.slice(2))
})

test.each([
  ['limit=0', 'limit must be at least 1'],
  ['limit=101', 'limit must be at most 100'],
  ['limit=1.5', 'limit must be an integer'],
  ['limit=ten', 'limit must be an integer'],
  ['limit=', 'limit must be an integer'],
  ['limit=1&limit=2', 'limit must be an integer'],
  ['cursor=', 'cursor must not be empty'],
  ['cursor=%20', 'cursor does not match the pattern in the contract'],
  [`cursor=${'A'.repeat(65)}`, 'cursor must have at most 64 characters'],
  ['cursor=abc', 'cursor was not issued by this service'],
  [`cursor=${'A'.repeat(29)}B`, 'cursor was not issued by this service'],
])('refuses %s', async (query, detail) => {
  expect(await list(await open(), `?${query}`)).toMatchObject({
    status: 400,
    json: { code: 'invalid-parameter', detail },
  })
})

test('ignores undeclared parameters', async () => {
  expect((await list(await open(), '?page=2&__proto__=1&limit=1')).status).toBe(200)
})
