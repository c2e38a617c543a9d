import { createHmac, createSecretKey, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import jwt from 'jsonwebtoken'
import { systemClock } from '../../src/clock.ts'
import { createAccessTokens } from '../../src/sessions/access-tokens.ts'
import { withVerifiedTokens } from '../../src/sessions/verified-tokens.ts'
import {
  type Client,
  contractClient,
  form,
  logIn,
  readProtected,
  refresh,
  withToken,
} from '../support/contract-client.ts'
import { addQuickAccount, quickPassword } from '../support/quick-account.ts'
import { type RunningService, secretKey, startService } from '../support/service.ts'

let now = 1_800_000_000
let service: RunningService
let client: Client
beforeAll(async () => {
  service = await startService({
    clock: { ...systemClock, nowSeconds: () => now },
    environment: { REFRESH_TOKEN_REUSE_INTERVAL_SECONDS: '0' },
  })
  client = contractClient(service.url)
})
afterAll(() => service.stop())

let names = 0
const newAccount = async (): Promise<string> => {
  names += 1
  await addQuickAccount(service, `licat${names}`)
  return `licat${names}`
}

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
}
const open = async (name: string): Promise<Tokens> => (await logIn(client, name, quickPassword)).json as Tokens

const post = (path: string, fields: Readonly<Record<string, string>>) =>
  client({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form(fields),
  })

const sessionOf = (token: string): string => (jwt.decode(token) as { sid: string }).sid

describe('a token that was accepted before is refused by the very next request, once', () => {
  type End = (own: Tokens, other: Tokens) => Promise<unknown>
  const ends: [what: string, end: End][] = [
    [
      'its session has logged out',
      ({ access_token }) => withToken(client, access_token)({ method: 'POST', path: '/logout' }),
    ],
    ['it was revoked', ({ access_token }) => post('/revoke', { token: access_token })],
    ['its refresh token was revoked', ({ refresh_token }) => post('/revoke', { token: refresh_token })],
    [
      'a refresh token of its session was used twice',
      async ({ refresh_token }) => {
        await refresh(client, refresh_token)
        await refresh(client, refresh_token)
      },
    ],
    [
      'another session has ended its session',
      (own, { access_token }) =>
        withToken(client, access_token)({ method: 'DELETE', path: `/sessions/${sessionOf(own.access_token)}` }),
    ],
    [
      'another session has ended all others',
      (_own, { access_token }) => withToken(client, access_token)({ method: 'DELETE', path: '/sessions' }),
    ],
    [
      'another session has changed the password',
      (_own, { access_token }) =>
        client({
          method: 'PUT',
          path: '/account/password',
          headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ current_password: quickPassword, new_password: 'another one' }),
        }),
    ],
    [
      'another session has deleted the account',
      (_own, { access_token }) => withToken(client, access_token)({ method: 'DELETE', path: '/account' }),
    ],
    [
      'it has expired',
      async () => {
        now += 1800
      },
    ],
  ]

  test.each(ends)('%s', async (_what, end) => {
    const name = await newAccount()
    const [own, other] = [await open(name), await open(name)]
    for (let i = 0; i < 3; i += 1) expect((await readProtected(client, own.access_token)).status).toBe(200)
    await end(own, other)
    const refused = await readProtected(client, own.access_token)
    expect([refused.status, refused.json.code]).toEqual([401, 'invalid-token'])
  })
})

test('two users in turn are never taken for each other', async () => {
  const users = await Promise.all(
    [await newAccount(), await newAccount()].map(async (name) => ({ name, token: (await open(name)).access_token })),
  )
  for (let i = 0; i < 400; i += 50) {
    const greetings = Array.from({ length: 50 }, async (_, j) => {
      const { name, token } = users[(i + j) % 2] as { name: string; token: string }
      const { json } = await readProtected(client, token)
      expect(json.message).toBe(`Hello ${name}! This is a protected route`)
    })
    await Promise.all(greetings)
  }
})

describe('a token that is signed correctly is refused when it claims', () => {
  const forge = (token: string, changes: Readonly<Record<string, unknown>>): string => {
    const [header = ''] = token.split('.')
    const claims = { ...(jwt.decode(token) as object), ...changes }
    const input = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
    return `${input}.${createHmac('sha256', secretKey).update(input).digest('base64url')}`
  }
  const narrow = async (name: string): Promise<string> =>
    (await logIn(client, name, quickPassword, { scope: 'account:read' })).json.access_token as string

  test.each([
    ['another user than that of its session', { sub: 'someone-else' }],
    ['another client', { client_id: 'web' }],
    ['a scope beyond that of its session', { scope: 'account:read account:write' }],
    ['another scope', { scope: 'sessions:read' }],
    ['a scope that nobody declares', { scope: 'account:read everything' }],
  ])('%s', async (_what, changes) => {
    const token = await narrow(await newAccount())
    expect((await readProtected(client, forge(token, changes))).json.code).toBe('invalid-token')
    // What is not valid revokes nothing either.
    await post('/revoke', { token: forge(token, changes) })
    expect((await readProtected(client, token)).status).toBe(200)
  })

  test('another spelling of the user', async () => {
    const name = await newAccount()
    expect((await readProtected(client, forge(await narrow(name), { sub: name.toUpperCase() }))).status).toBe(401)
  })

  test('the session of someone else', async () => {
    const [own, other] = [await narrow(await newAccount()), await narrow(await newAccount())]
    expect((await readProtected(client, forge(own, { sid: sessionOf(other) }))).json.code).toBe('invalid-token')
  })

  test('but not when it claims less than its session has', async () => {
    const token = await narrow(await newAccount())
    expect((await readProtected(client, forge(token, { scope: '' }))).status).toBe(200)
  })

  test('a later log-in than that of its session does not count', async () => {
    const { access_token: token } = await open(await newAccount())
    now += 301
    const deletion = await withToken(
      client,
      forge(token, { auth_time: now, iat: now, exp: now + 60 }),
    )({
      method: 'DELETE',
      path: '/account',
    })
    expect([deletion.status, deletion.json.code]).toEqual([401, 'insufficient-user-authentication'])
  })
})

describe('the cache of verified tokens', () => {
  const clock = { ...systemClock, nowSeconds: () => now }
  const tokens = createAccessTokens({
    keys: [createSecretKey(randomBytes(32))],
    algorithm: 'HS256',
    issuer: 'http://localhost',
    audience: 'http://localhost',
    lifetimeSeconds: 60,
    clock,
  })
  const issue = (scope = ''): string =>
    tokens.issue({ sub: 'licat', sid: 'session', client_id: 'public', scope, auth_time: now })

  /** The same with a cache, and how often that has had to verify. */
  const cached = (limits: { readonly maxEntries: number; readonly maxBytes: number }) => {
    let verified = 0
    const counting = {
      ...tokens,
      verify: (token: string) => {
        verified += 1
        return tokens.verify(token)
      },
    }
    const { verify } = withVerifiedTokens(counting, clock, limits)
    return { verify, verified: () => verified }
  }

  test('verifies a token once, until it expires', () => {
    const { verify, verified } = cached({ maxEntries: 10, maxBytes: 10_000 })
    const token = issue()
    for (let i = 0; i < 5; i += 1) expect(verify(token).sub).toBe('licat')
    expect(verified()).toBe(1)
    now += 60
    expect(() => verify(token)).toThrow('jwt expired')
    expect(verified()).toBe(2)
  })

  test('keeps nothing of a token that is not valid', () => {
    const { verify, verified } = cached({ maxEntries: 10, maxBytes: 10_000 })
    const token = issue()
    verify(token)
    for (const forged of [`${token}x`, token.slice(0, -1), ` ${token}`]) {
      expect(() => verify(forged)).toThrow()
      expect(() => verify(forged)).toThrow()
    }
    expect(verified()).toBe(7)
  })

  test.each([
    ['entries', { maxEntries: 3, maxBytes: 1_000_000 }, ''],
    ['bytes', { maxEntries: 1_000, maxBytes: 3 * 7_500 }, 'x'.repeat(1_200)],
  ])('is bounded in %s, and forgets first what was not used for longest', (_what, limits, scope) => {
    const { verify, verified } = cached(limits)
    const all = Array.from({ length: 4 }, () => issue(scope))
    for (const token of all) verify(token)
    expect(verified()).toBe(4)
    for (const token of all.slice(1)) verify(token)
    expect(verified()).toBe(4)
    verify(all[0] ?? '')
    expect(verified()).toBe(5)
  })
})
