import { beforeEach, describe, expect, test } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import {
  allScopes,
  type Client,
  contractClient,
  logIn,
  readProtected,
  type Received,
  refresh,
  withToken,
} from '../support/contract-client.ts'
import { addQuickAccount, quickPassword } from '../support/quick-account.ts'
import { startService } from '../support/service.ts'

const day = 86_400
const begin = 1_800_000_000
let now = begin
let client: Client
beforeEach(async () => {
  now = begin
  const service = await startService({ clock: { ...systemClock, nowSeconds: () => now } })
  client = contractClient(service.url)
  for (const name of ['licat', 'other']) await addQuickAccount(service, name)
})

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
}
const open = async (name = 'licat', more: Readonly<Record<string, string>> = {}): Promise<Tokens> =>
  (await logIn(client, name, quickPassword, more)).json as Tokens
const list = ({ access_token: token }: Tokens, query = ''): Promise<Received> =>
  withToken(client, token)({ path: `/sessions${query}` })
const idsOf = ({ json }: Received): string[] => json.sessions.map(({ session_id: id }: { session_id: string }) => id)
const idOf = async (tokens: Tokens): Promise<string> =>
  (await list(tokens, '?limit=100')).json.sessions.find(({ is_current: isCurrent }: any) => isCurrent).session_id
const end = ({ access_token: token }: Tokens, id: string): Promise<Received> =>
  withToken(client, token)({ method: 'DELETE', path: `/sessions/${id}` })
const isIn = async ({ access_token: token }: Tokens): Promise<boolean> =>
  (await readProtected(client, token)).status === 200

describe('the list of sessions', () => {
  test('has those of the account, the latest log-in first, and says which one asks', async () => {
    const own = await open()
    now += 60
    await open('licat', { client_id: 'phone', scope: 'sessions:read' })
    await open('other')
    now += 60
    const { json: renewed } = await refresh(client, own.refresh_token)
    const { status, json } = await list(renewed)
    expect(status).toBe(200)
    expect(json).toEqual({
      sessions: [
        {
          session_id: expect.any(String),
          client_id: 'phone',
          scope: 'sessions:read',
          created_at: '2027-01-15T08:01:00Z',
          refreshed_at: '2027-01-15T08:01:00Z',
          is_current: false,
        },
        {
          session_id: expect.any(String),
          client_id: 'public',
          scope: allScopes,
          created_at: '2027-01-15T08:00:00Z',
          refreshed_at: '2027-01-15T08:02:00Z',
          is_current: true,
        },
      ],
    })
  })

  test('leaves out those that have ended or are over', async () => {
    const [own, ended, idle] = [await open(), await open(), await open()]
    await end(own, await idOf(ended))
    now += 7 * day - 1
    const { json: renewed } = await refresh(client, own.refresh_token)
    now += 1
    expect(await isIn(idle)).toBe(false)
    expect(idsOf(await list(renewed))).toEqual([await idOf(renewed)])
  })

  test.each([1, 2, 3, 7, 100])(
    'in pages of %d has each once, also of those opened within one second',
    async (limit) => {
      let tokens = await open()
      for (let i = 0; i < 9; i += 1) {
        if (i % 4 === 0) now += 1
        tokens = await open()
      }
      const whole = idsOf(await list(tokens, '?limit=100'))
      const pages: string[][] = []
      for (let query = `?limit=${limit}`; query !== '';) {
        const page = await list(tokens, query)
        pages.push(idsOf(page))
        const { next_cursor: cursor } = page.json
        query = cursor === undefined ? '' : `?limit=${limit}&cursor=${cursor}`
      }
      expect(pages.flat()).toEqual(whole)
      expect(new Set(whole).size).toBe(10)
      expect(pages).toHaveLength(Math.ceil(10 / limit))
    },
  )

  test('has 20 in a page where no limit is given, as the contract says', async () => {
    let tokens = await open()
    for (let i = 0; i < 20; i += 1) tokens = await open()
    const first = await list(tokens)
    expect(idsOf(first)).toHaveLength(20)
    const second = await list(tokens, `?cursor=${first.json.next_cursor}`)
    expect(idsOf(second)).toHaveLength(1)
    expect(second.json).not.toHaveProperty('next_cursor')
  })

  test('goes on behind a session that has ended meanwhile', async () => {
    const tokens = [await open(), await open(), await open(), await open()]
    const [own] = tokens as [Tokens]
    const whole = idsOf(await list(own))
    const first = await list(own, '?limit=2')
    const last = idsOf(first)[1] ?? ''
    const asking = (await idOf(own)) === last ? (tokens[1] as Tokens) : own
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
    ['cursor=%20', 'cursor is not in the form that the contract asks for'],
    [`cursor=${'A'.repeat(65)}`, 'cursor must have at most 64 characters'],
    ['cursor=abc', 'cursor is none that was given out'],
    [`cursor=${'A'.repeat(29)}B`, 'cursor is none that was given out'],
  ])('refuses %s', async (query, detail) => {
    expect(await list(await open(), `?${query}`)).toMatchObject({
      status: 400,
      json: { code: 'invalid-parameter', detail },
    })
  })

  test('ignores other parameters', async () => {
    expect((await list(await open(), '?page=2&__proto__=1&limit=1')).status).toBe(200)
  })
})

describe('the end of a session', () => {
  test('is that of all its tokens, and of no other session', async () => {
    const [own, other] = [await open(), await open()]
    const answer = await end(own, await idOf(other))
    expect([answer.status, answer.json]).toEqual([200, { message: 'Session ended' }])
    expect([await isIn(own), await isIn(other)]).toEqual([true, false])
    expect((await refresh(client, other.refresh_token)).json.error).toBe('invalid_grant')
  })

  test('takes the id in upper case, too', async () => {
    const [own, other] = [await open(), await open()]
    expect((await end(own, (await idOf(other)).toUpperCase())).status).toBe(200)
    expect(await isIn(other)).toBe(false)
  })

  test('may be that of the one that asks', async () => {
    const own = await open()
    expect((await end(own, await idOf(own))).status).toBe(200)
    expect(await isIn(own)).toBe(false)
  })

  test('is refused for one that has ended, of another account, or that never was', async () => {
    const [own, ended, others] = [await open(), await open(), await open('other')]
    const id = await idOf(ended)
    await end(own, id)
    for (const none of [id, await idOf(others), '0f8fad5b-d9cb-469f-a165-70867728950e']) {
      expect(await end(own, none)).toMatchObject({ status: 404, json: { code: 'unknown-session' } })
    }
    expect(await isIn(others)).toBe(true)
  })

  test.each(['x', '0f8fad5b-d9cb-469f-a165-70867728950', '..', '%00'])('is refused for the id %s', async (id) => {
    expect(await end(await open(), id)).toMatchObject({ status: 400, json: { code: 'invalid-parameter' } })
  })
})

test.each(['%zz', '%ff', '%'])('a path that is not decodable is a malformed request: /sessions/%s', async (id) => {
  expect(await end(await open(), id)).toMatchObject({ status: 400, json: { code: 'malformed-request' } })
})

test('all other sessions end, those of other accounts go on', async () => {
  const [own, second, third, others] = [await open(), await open(), await open(), await open('other')]
  const answer = await withToken(client, own.access_token)({ method: 'DELETE', path: '/sessions' })
  expect([answer.status, answer.json]).toEqual([200, { message: 'Other sessions ended' }])
  expect([await isIn(own), await isIn(second), await isIn(third), await isIn(others)]).toEqual([
    true,
    false,
    false,
    true,
  ])
  expect((await refresh(client, third.refresh_token)).status).toBe(400)
  expect((await refresh(client, own.refresh_token)).status).toBe(200)
})
