import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import jwt from 'jsonwebtoken'
import { systemClock } from '../../src/clock.ts'
import type { Stores } from '../../src/stores/stores.ts'
import { openTestStores } from '../support/stores.ts'
import {
  allScopes,
  type Client,
  contractClient,
  form,
  logIn,
  readProtected,
  type Received,
  refresh as refreshBy,
} from '../support/contract-client.ts'
import { addQuickAccount, quickPassword } from '../support/quick-account.ts'
import { type RunningService, startService } from '../support/service.ts'

const day = 86_400
let now = 1_800_000_000
const clock = { ...systemClock, nowSeconds: () => now }

let service: RunningService
let client: Client
let strict: Client
let strictService: RunningService
beforeAll(async () => {
  service = await startService({ clock })
  client = contractClient(service.url)
  strictService = await startService({ clock, environment: { REFRESH_TOKEN_REUSE_INTERVAL_SECONDS: '0' } })
  strict = contractClient(strictService.url)
  for (const { stores } of [service, strictService]) await addQuickAccount({ stores }, 'licat')
})
afterAll(() => Promise.all([service.stop(), strictService.stop()]))

const open = async (by = client): Promise<Tokens> => (await logIn(by, 'licat', quickPassword)).json as Tokens
const refresh = (token: string, more: Readonly<Record<string, string>> = {}, by = client): Promise<Received> =>
  refreshBy(by, token, more)
const logOut = (accessToken: string, by = client): Promise<Received> =>
  by({ method: 'POST', path: '/logout', headers: { authorization: `Bearer ${accessToken}` } })
const scopeOf = ({ access_token: token }: Tokens): unknown => (jwt.decode(token) as jwt.JwtPayload).scope
const isIn = async ({ access_token: token }: Tokens, by = client): Promise<boolean> =>
  (await readProtected(by, token)).status === 200

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
}

const invalidGrant = {
  status: 400,
  json: {
    error: 'invalid_grant',
    error_description: 'The refresh token is not valid',
    detail: 'The refresh token is not valid',
  },
}

describe('a refresh', () => {
  test('gives a new pair of the same session and log-in', async () => {
    const first = await open()
    now += 60
    const { status, json } = await refresh(first.refresh_token)
    expect(status).toBe(200)
    expect(json.refresh_token).not.toBe(first.refresh_token)
    expect(json).toMatchObject({ token_type: 'bearer', expires_in: 1800, scope: allScopes })
    const [before, after] = [first, json].map(({ access_token: token }) => jwt.decode(token) as jwt.JwtPayload)
    expect(after).toMatchObject({ sub: 'licat', sid: before?.sid, auth_time: before?.auth_time, iat: now })
    expect(await isIn(json)).toBe(true)
    expect((await refresh(json.refresh_token)).status).toBe(200)
  })

  test('whose answer was lost gives the same refresh token when asked again', async () => {
    const { refresh_token: token } = await open()
    const { json } = await refresh(token)
    now += 9
    expect((await refresh(token)).json.refresh_token).toBe(json.refresh_token)
    expect(await isIn(json)).toBe(true)
  })

  test('with a token that was used 10 seconds ago ends the session', async () => {
    const { refresh_token: token } = await open()
    const { json } = await refresh(token)
    now += 10
    expect(await refresh(token)).toMatchObject(invalidGrant)
    expect(await refresh(json.refresh_token)).toMatchObject(invalidGrant)
    expect(await isIn(json)).toBe(false)
  })

  test('with a token two generations old ends the session', async () => {
    const { refresh_token: token } = await open()
    const { json: second } = await refresh(token)
    const { json: third } = await refresh(second.refresh_token)
    expect(await refresh(token)).toMatchObject(invalidGrant)
    expect(await isIn(third)).toBe(false)
  })

  test('with one token 50 times at once gives all the same one', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { refresh_token: token } = await open()
      const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(token)))
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
      expect(new Set(answers.map(({ json }) => json.refresh_token)).size).toBe(1)
    }
  })

  test('with one token 50 times at once succeeds once where no interval is given, and the session is over', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { refresh_token: token } = await open(strict)
      const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(token, {}, strict)))
      const [success, ...more] = answers.filter(({ status }) => status === 200)
      expect(more).toEqual([])
      expect(await isIn(success?.json, strict)).toBe(false)
      expect(await refresh(success?.json.refresh_token, {}, strict)).toMatchObject(invalidGrant)
    }
  })

  test('needs a refresh token', async () => {
    expect(await refresh('')).toMatchObject({ status: 400, json: { detail: 'refresh_token is required' } })
  })

  test('with a scope that the log-in had not is refused, and consumes nothing', async () => {
    const { refresh_token: token } = await open()
    expect(await refresh(token, { scope: 'everything' })).toMatchObject({
      status: 400,
      json: { error: 'invalid_scope' },
    })
    now += 60
    expect((await refresh(token)).status).toBe(200)
  })

  test('gives the access token fewer scopes, where it asks for them, and the next one all again', async () => {
    const { json: first } = await logIn(client, 'licat', quickPassword, { scope: 'account:read sessions:read' })
    const { json: second } = await refresh(first.refresh_token, { scope: 'sessions:read' })
    expect([second.scope, scopeOf(second)]).toEqual(['sessions:read', 'sessions:read'])
    const { json: third } = await refresh(second.refresh_token)
    expect([third.scope, scopeOf(third)]).toEqual(['account:read sessions:read', 'account:read sessions:read'])
  })

  test('with a declared scope that the log-in had not is refused, and consumes nothing', async () => {
    const { json } = await logIn(client, 'licat', quickPassword, { scope: 'account:read' })
    const asking = { scope: 'account:read sessions:read' }
    expect(await refresh(json.refresh_token, asking)).toMatchObject({ status: 400, json: { error: 'invalid_scope' } })
    now += 60
    expect((await refresh(json.refresh_token)).json.scope).toBe('account:read')
  })

  test('by another client is refused, and consumes nothing', async () => {
    const { json } = await logIn(client, 'licat', quickPassword, { client_id: 'app' })
    expect(await refresh(json.refresh_token, { client_id: 'other' })).toMatchObject(invalidGrant)
    now += 60
    const again = await refresh(json.refresh_token, { client_id: 'app' })
    expect(jwt.decode(again.json.access_token)).toMatchObject({ client_id: 'app' })
    expect((await refresh(again.json.refresh_token)).status).toBe(200)
  })
})

describe('a token that is none of ours', () => {
  test('ends no session, whatever of a refresh token is changed', async () => {
    const tokens = await open()
    const bytes = Buffer.from(tokens.refresh_token, 'base64url')
    for (let place = 0; place < bytes.length; place += 1) {
      const changed = Buffer.from(bytes)
      changed[place] = (changed[place] ?? 0) ^ (1 << randomInt(8))
      expect(await refresh(changed.toString('base64url'))).toMatchObject(invalidGrant)
    }
    expect(await isIn(tokens)).toBe(true)
    expect((await refresh(tokens.refresh_token)).status).toBe(200)
  })

  test.each([
    ['a letter more', (token: string) => `${token}A`],
    ['a letter less', (token: string) => token.slice(0, -1)],
    ['padding', (token: string) => `${token}=`],
    ['the other alphabet', (token: string) => `${token.slice(0, -1)}+`],
  ])('is a refresh token with %s', async (_what, change) => {
    expect(await refresh(change((await open()).refresh_token))).toMatchObject(invalidGrant)
  })

  test('is an access token to refresh with, or a refresh token to be let in with', async () => {
    const tokens = await open()
    expect(await refresh(tokens.access_token)).toMatchObject(invalidGrant)
    expect((await readProtected(client, tokens.refresh_token)).json.code).toBe('invalid-token')
    expect(await isIn(tokens)).toBe(true)
  })
})

describe('a revocation (RFC 7009)', () => {
  const revoke = (fields: Readonly<Record<string, string>>): Promise<Received> =>
    client({
      method: 'POST',
      path: '/revoke',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form(fields),
    })

  test.each([
    ['a refresh token', 'refresh_token', {}],
    ['an access token', 'access_token', {}],
    ['a refresh token, with a wrong hint', 'refresh_token', { token_type_hint: 'access_token' }],
    ['an access token, with an unknown hint', 'access_token', { token_type_hint: 'magic' }],
  ] as const)('of %s ends the session', async (_what, kind, more) => {
    const [tokens, other] = [await open(), await open()]
    const answer = await revoke({ token: tokens[kind], ...more })
    expect([answer.status, answer.json]).toEqual([200, { message: 'Token revoked' }])
    expect(await isIn(tokens)).toBe(false)
    expect(await refresh(tokens.refresh_token)).toMatchObject(invalidGrant)
    expect(await isIn(other)).toBe(true)
    expect((await revoke({ token: tokens[kind] })).status).toBe(200)
  })

  test('of a token that is none, or not genuine, is answered alike and ends nothing', async () => {
    const tokens = await open()
    const forged = `${tokens.refresh_token.slice(0, -1)}${tokens.refresh_token.endsWith('A') ? 'B' : 'A'}`
    for (const token of ['x', forged, `${tokens.access_token}x`]) {
      expect(await revoke({ token })).toMatchObject({ status: 200, json: { message: 'Token revoked' } })
    }
    expect(await isIn(tokens)).toBe(true)
  })

  test('needs a token, a form, and a body that is not too large', async () => {
    expect(await revoke({})).toMatchObject({ status: 400, json: { detail: 'token is required' } })
    expect(await revoke({ token: 'x', filler: 'x'.repeat(16_384) })).toMatchObject({ status: 413 })
    const json = { 'content-type': 'application/json' }
    expect(await client({ method: 'POST', path: '/revoke', headers: json, body: '{}' })).toMatchObject({ status: 415 })
  })
})

describe('a session', () => {
  test('ends for all its tokens with the log-out, and for those of no other', async () => {
    const [first, other] = [await open(), await open()]
    const { json: second } = await refresh(first.refresh_token)
    const answer = await logOut(second.access_token)
    expect([answer.status, answer.json]).toEqual([200, { message: 'Logged out' }])
    for (const tokens of [first, second]) {
      expect(await isIn(tokens)).toBe(false)
      expect(await refresh(tokens.refresh_token)).toMatchObject(invalidGrant)
    }
    expect((await logOut(first.access_token)).status).toBe(401)
    expect(await isIn(other)).toBe(true)
  })

  test('ends 7 days after its last refresh', async () => {
    const { refresh_token: token } = await open()
    now += 7 * day - 1
    const { json } = await refresh(token)
    now += 7 * day
    expect(await refresh(json.refresh_token)).toMatchObject(invalidGrant)
  })

  test('ends 30 days after the log-in, however often it is refreshed', async () => {
    let tokens = await open()
    for (let days = 5; days < 30; days += 5) {
      now += 5 * day
      tokens = (await refresh(tokens.refresh_token)).json as Tokens
    }
    now += 5 * day
    expect(await refresh(tokens.refresh_token)).toMatchObject(invalidGrant)
    expect(await isIn(tokens)).toBe(false)
  })

  test('lasts as long as an access token, where that is longer', async () => {
    const patient = await startService({ clock, environment: { ACCESS_TOKEN_EXPIRE_MINUTES: String(60 * 24 * 60) } })
    const by = contractClient(patient.url)
    await addQuickAccount(patient, 'licat')
    const tokens = await open(by)
    now += 59 * day
    expect(await isIn(tokens, by)).toBe(true)
    await patient.stop()
  })

  test('that was longest idle goes when an account has a hundred others', async () => {
    const [idle, refreshed] = [await open(), await open()]
    now += 1
    const { json } = await refresh(refreshed.refresh_token)
    for (let i = 0; i < 99; i += 1) await open()
    expect(await isIn(idle)).toBe(false)
    expect(await isIn(json)).toBe(true)
  })
})

describe('a new key', () => {
  const oldKey = 'the key of before, long enough for HS256'
  const newKey = 'the key of today, which is as long as that'
  let stores: Stores
  beforeAll(async () => {
    stores = await openTestStores({ idleSeconds: day, absoluteSeconds: day }, clock)
  })
  afterAll(() => stores.close())
  const start = async (environment: Readonly<Record<string, string>>): Promise<[RunningService, Client]> => {
    const started = await startService({
      clock,
      stores,
      environment: { ISSUER: 'http://localhost:8000', ...environment },
    })
    return [started, contractClient(started.url)]
  }

  test('logs nobody out while the previous one is kept, and everybody without it', async () => {
    const [before, early] = await start({ SECRET_KEY: oldKey })
    await addQuickAccount(before, 'licat')
    const old = await open(early)
    await before.stop()

    const [without, stranger] = await start({ SECRET_KEY: newKey })
    expect((await readProtected(stranger, old.access_token)).json.code).toBe('invalid-token')
    expect(await refresh(old.refresh_token, {}, stranger)).toMatchObject(invalidGrant)
    await without.stop()

    const [after, late] = await start({ SECRET_KEY: newKey, SECRET_KEY_PREVIOUS: oldKey })
    expect(await isIn(old, late)).toBe(true)
    const { json: renewed } = await refresh(old.refresh_token, {}, late)
    await after.stop()

    const [later, latest] = await start({ SECRET_KEY: newKey })
    expect(await isIn(renewed, latest)).toBe(true)
    expect((await refresh(renewed.refresh_token, {}, latest)).status).toBe(200)
    await later.stop()
  })
})
