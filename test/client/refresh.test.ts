import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import { createClient, type SesameClient } from '../../src/client/index.ts'
import { account, createHoldingFetch, rejection } from '../support/client-calls.ts'
import { type Passing, startFront } from '../support/faulty-front.ts'
import { addQuickAccount } from '../support/quick-account.ts'
import { type RunningService, startService } from '../support/service.ts'

const other = { ...account, username: 'molly' }
const greeting = { message: 'Hello licat! This is a protected route' }
const otherGreeting = { message: 'Hello molly! This is a protected route' }

let service: RunningService
let aheadSeconds: number
const expireAccessToken = (): void => {
  aheadSeconds += 1_801
}

beforeEach(async () => {
  aheadSeconds = 0
  const start = systemClock.nowSeconds()
  service = await startService({ clock: { ...systemClock, nowSeconds: () => start + aheadSeconds } })
  await addQuickAccount(service, account.username)
})
afterEach(() => service.stop())

const requestsTo = (route: string): number => service.lines.filter((line) => line.route === route).length
/** The first was the log-in. */
const refreshes = (): number => requestsTo('/token') - 1

const loggedIn = async (options: Partial<Parameters<typeof createClient>[0]> = {}): Promise<SesameClient> => {
  const client = createClient({ baseUrl: service.url, ...options })
  await client.login(account)
  return client
}

describe('a call with an expired access token', () => {
  test('succeeds, as do the ones after it, by one refresh', async () => {
    const client = await loggedIn()
    expireAccessToken()
    for (let call = 0; call < 3; call += 1) expect(await client.readProtected()).toEqual(greeting)
    expect(client.isLoggedIn()).toBe(true)
    expect(refreshes()).toBe(1)
  })

  test('succeeds 50 times at once by one refresh, 3 rounds', async () => {
    const client = await loggedIn()
    for (let round = 1; round <= 3; round += 1) {
      expireAccessToken()
      const answers = await Promise.all(Array.from({ length: 50 }, () => client.readProtected()))
      expect(answers).toEqual(Array(50).fill(greeting))
      expect(refreshes()).toBe(round)
    }
  })

  test('is repeated without a refresh where there was one since it was sent', async () => {
    const { fetch, holdNext, letGo } = createHoldingFetch()
    const client = await loggedIn({ fetch })
    expireAccessToken()
    const refused = holdNext()
    const late = client.readProtected()
    await refused
    await client.readProtected()
    letGo()
    expect(await late).toEqual(greeting)
    expect(refreshes()).toBe(1)
  })

  test('is repeated once, and fails where the new token is refused, too', async () => {
    const problem = { type: 'about:blank', title: 'Unauthorized', status: 401, detail: 'No', code: 'invalid-token' }
    const baseUrl = await startFront(service.url, (passing) => {
      if (passing.request.url !== '/protected') return
      passing.status = 401
      passing.body = JSON.stringify(problem)
    })
    const client = await loggedIn({ baseUrl })
    expect((await rejection(client.readProtected())).code).toBe('invalid-token')
    expect([requestsTo('/protected'), refreshes()]).toEqual([2, 1])
  })

  test('ends the session where it is a log-out', async () => {
    const client = createClient({ baseUrl: service.url })
    const { refresh_token: token } = await client.login(account)
    expireAccessToken()
    expect(await client.logout()).toEqual({ message: 'Logged out' })
    expect(client.isLoggedIn()).toBe(false)
    expect((await rejection(client.readProtected())).code).toBe('not-authenticated')
    // The clock stands still: while the session lasted, this token would be taken once more.
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token })
    expect((await fetch(`${service.url}/token`, { method: 'POST', body })).status).toBe(400)
  })
})

describe('a refresh whose answer is lost', () => {
  /** A client of a front that destroys connections instead of passing answers of /token on.
   * @param isLost by the number of the answer; that to the log-in is number 0 */
  const losing = async (isLost: (number: number) => boolean) => {
    let answers = 0
    let lost = 0
    const baseUrl = await startFront(service.url, ({ request }: Passing) => {
      if (request.url !== '/token' || !isLost(answers++)) return
      lost += 1
      request.socket.destroy()
    })
    return { client: await loggedIn({ baseUrl }), countLost: () => lost }
  }

  test.each([
    [60, 'every third answer is', (number: number) => number % 3 === 2, 30],
    [30, 'two of three answers are', (number: number) => number % 3 !== 0, 60],
  ])('is asked for again, and lasts through %i refreshes of which %s lost', async (rounds, _what, isLost, losses) => {
    const { client, countLost } = await losing(isLost)
    for (let round = 0; round < rounds; round += 1) {
      expireAccessToken()
      expect(await client.readProtected()).toEqual(greeting)
    }
    expect([countLost(), refreshes()]).toEqual([losses, rounds + losses])
    expect(client.isLoggedIn()).toBe(true)
  })

  test('three times fails the call, and the next one succeeds', async () => {
    const { client } = await losing((number) => number >= 1 && number <= 3)
    expireAccessToken()
    expect((await rejection(client.readProtected())).code).toBe('network-failure')
    expect(refreshes()).toBe(3)
    expect(client.isLoggedIn()).toBe(true)
    expect(await client.readProtected()).toEqual(greeting)
  })
})

describe('a refresh that fails', () => {
  test('because of a log-out elsewhere ends the log-in, and the call fails as it first did', async () => {
    const client = createClient({ baseUrl: service.url })
    const { access_token: token } = await client.login(account)
    await fetch(`${service.url}/logout`, { method: 'POST', headers: { Authorization: `Bearer ${token}` } })
    expect(client.isLoggedIn()).toBe(true)
    expect(await rejection(client.readProtected())).toMatchObject({ code: 'invalid-token', status: 401 })
    expect(client.isLoggedIn()).toBe(false)
    expect((await rejection(client.readProtected())).code).toBe('not-authenticated')
    expect(refreshes()).toBe(1)
  })

  test.each([
    ['an error that the contract declares', 'temporarily_unavailable', { error: 'temporarily_unavailable' }],
    ["a proxy's error", 'undeclared-answer', { error: 502 }],
  ])('by %s rejects with it, and the next call succeeds', async (_what, code, error) => {
    let isToFail = false
    const baseUrl = await startFront(service.url, (passing) => {
      if (passing.request.url !== '/token' || !isToFail) return
      passing.status = 503
      passing.body = JSON.stringify({ error_description: 'Later', detail: 'Later', ...error })
    })
    const client = await loggedIn({ baseUrl })
    isToFail = true
    expireAccessToken()
    expect(await rejection(client.readProtected())).toMatchObject({ code, status: 503 })
    expect(refreshes()).toBe(1)
    expect(client.isLoggedIn()).toBe(true)
    isToFail = false
    expect(await client.readProtected()).toEqual(greeting)
  })
})

describe('while a refresh is under way', () => {
  let client: SesameClient
  let refreshing: Promise<unknown>
  let letGo: () => void

  beforeEach(async () => {
    const holding = createHoldingFetch()
    letGo = holding.letGo
    client = await loggedIn({ fetch: holding.fetch })
    await addQuickAccount(service, other.username)
    expireAccessToken()
    const refused = holding.holdNext()
    refreshing = client.readProtected()
    // Judged below, but a rejection must not come before.
    refreshing.catch(() => undefined)
    await refused
    const refreshed = holding.holdNext()
    letGo()
    await refreshed
  })

  test('a log-in counts, and the call is answered for the one that it began in', async () => {
    await client.login(other)
    letGo()
    expect(await refreshing).toEqual(greeting)
    expect(await client.readProtected()).toEqual(otherGreeting)
    expireAccessToken()
    expect(await client.readProtected()).toEqual(otherGreeting)
  })

  test('the tokens can be forgotten', async () => {
    client.forgetToken()
    letGo()
    expect((await rejection(refreshing)).code).toBe('invalid-token')
    expect(client.isLoggedIn()).toBe(false)
    expect((await rejection(client.readProtected())).code).toBe('not-authenticated')
  })
})

describe('a call that is refused late', () => {
  test.each([
    ['the tokens were forgotten', 0, (client: SesameClient): unknown => client.forgetToken()],
    ['the user has logged out', 1, (client: SesameClient): unknown => client.logout()],
  ])('is not repeated where %s', async (_what, expectedRefreshes, end) => {
    const { fetch, holdNext, letGo } = createHoldingFetch()
    const client = await loggedIn({ fetch })
    expireAccessToken()
    const refused = holdNext()
    const late = rejection(client.readProtected())
    await refused
    await end(client)
    letGo()
    expect((await late).code).toBe('invalid-token')
    expect(client.isLoggedIn()).toBe(false)
    expect([requestsTo('/protected'), refreshes()]).toEqual([1, expectedRefreshes])
  })

  test('is not repeated in the log-in of somebody else', async () => {
    const { fetch, holdNext, letGo } = createHoldingFetch()
    const client = await loggedIn({ fetch })
    await addQuickAccount(service, other.username)
    expireAccessToken()
    const refused = holdNext()
    const late = client.logout()
    await refused
    await client.login(other)
    letGo()
    expect(await late).toEqual({ message: 'Logged out' })
    expect(client.isLoggedIn()).toBe(true)
    expect(await client.readProtected()).toEqual(otherGreeting)
  })
})
