import { randomInt } from 'node:crypto'
import { hash } from '@node-rs/argon2'
import { beforeAll, describe, expect, test } from '@jest/globals'
import jwt from 'jsonwebtoken'
import { accountId } from '../../src/accounts/usernames.ts'
import { systemClock } from '../../src/clock.ts'
import { startAccountService, type Tokens } from '../support/account-service.ts'
import {
  allScopes,
  type Client,
  contractClient,
  logIn,
  readProtected,
  type Received,
  refresh as refreshBy,
  signUp,
} from '../support/contract-client.ts'
import { addQuickAccount, quickPassword } from '../support/quick-account.ts'
import { startService } from '../support/service.ts'
import { openTestStores } from '../support/stores.ts'

let at: Awaited<ReturnType<typeof startAccountService>>
let strict: Awaited<ReturnType<typeof startAccountService>>
let client: Client
beforeAll(async () => {
  at = await startAccountService()
  client = at.client
  strict = await startAccountService({ environment: { REFRESH_TOKEN_REUSE_INTERVAL_SECONDS: '0' } })
  for (const service of [at, strict]) await addQuickAccount(service, 'licat')
})

const refresh = (token: string, more: Readonly<Record<string, string>> = {}): Promise<Received> =>
  refreshBy(client, token, more)
const scopeOf = ({ access_token: token }: Tokens): unknown => (jwt.decode(token) as jwt.JwtPayload).scope

const invalidGrant = {
  status: 400,
  json: {
    error: 'invalid_grant',
    error_description: 'The refresh token is not valid',
    detail: 'The refresh token is not valid',
  },
}

describe('a log-in', () => {
  test('responds 401 in the same way to an unknown name, a wrong password and an impossible name', async () => {
    await signUp(client, 'known', '1234')
    const responses = await Promise.all(
      ['known', 'nobody', 'no body', 'x'.repeat(64)].map((name) => logIn(client, name, 'wrong')),
    )
    const [first] = responses
    for (const { status, json, headers } of responses) {
      expect([status, json]).toEqual([401, first?.json])
      expect(Object.keys(headers)).toEqual(Object.keys(first?.headers ?? {}))
      expect(headers['www-authenticate']).toBeUndefined()
    }
  })

  test('replaces a hash of another cost by one of the recommended cost', async () => {
    const stores = await openTestStores({ idleSeconds: 60, absoluteSeconds: 60 }, systemClock)
    const weak = await hash('1234', { memoryCost: 8192, timeCost: 1, parallelism: 1 })
    const id = accountId('old')
    await stores.accounts.create({ id, username: 'old', passwordHash: weak, credentialVersion: 0, createdAt: 0 })
    const renewing = await startService({ stores, hashCost: 'recommended' })
    const renewingClient = contractClient(renewing.url)
    expect((await logIn(renewingClient, 'old', 'wrong')).status).toBe(401)
    expect((await stores.accounts.find(id))?.passwordHash).toBe(weak)
    for (let i = 0; i < 2; i += 1) expect((await logIn(renewingClient, 'old', '1234')).status).toBe(200)
    expect((await stores.accounts.find(id))?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    await renewing.stop()
    await stores.close()
  })
})

describe('a refresh', () => {
  test('returns new tokens of the same session and log-in', async () => {
    const first = await at.open('licat')
    at.passSeconds(60)
    const { status, json } = await refresh(first.refresh_token)
    expect(status).toBe(200)
    expect(json.refresh_token).not.toBe(first.refresh_token)
    expect(json).toMatchObject({ token_type: 'bearer', expires_in: 1800, scope: allScopes })
    const [before, after] = [first, json].map(({ access_token: token }) => jwt.decode(token) as jwt.JwtPayload)
    expect(after).toMatchObject({ sub: 'licat', sid: before?.sid, auth_time: before?.auth_time, iat: at.nowSeconds() })
    expect(await at.isAccepted(json)).toBe(true)
    expect((await refresh(json.refresh_token)).status).toBe(200)
  })

  test('whose response was lost returns the same refresh token when repeated', async () => {
    const { refresh_token: token } = await at.open('licat')
    const { json } = await refresh(token)
    at.passSeconds(9)
    expect((await refresh(token)).json.refresh_token).toBe(json.refresh_token)
    expect(await at.isAccepted(json)).toBe(true)
  })

  test('with a token that was used 10 seconds ago ends the session', async () => {
    const { refresh_token: token } = await at.open('licat')
    const { json } = await refresh(token)
    at.passSeconds(10)
    expect(await refresh(token)).toMatchObject(invalidGrant)
    expect(await refresh(json.refresh_token)).toMatchObject(invalidGrant)
    expect(await at.isAccepted(json)).toBe(false)
  })

  test('with a token two generations old ends the session', async () => {
    const { refresh_token: token } = await at.open('licat')
    const { json: second } = await refresh(token)
    const { json: third } = await refresh(second.refresh_token)
    expect(await refresh(token)).toMatchObject(invalidGrant)
    expect(await at.isAccepted(third)).toBe(false)
  })

  test('sent 50 times at once with one token returns the same refresh token each time', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { refresh_token: token } = await at.open('licat')
      const responses = await Promise.all(Array.from({ length: 50 }, () => refresh(token)))
      expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
      expect(new Set(responses.map(({ json }) => json.refresh_token)).size).toBe(1)
    }
  })

  test('sent 50 times at once succeeds once without a reuse interval, and then the session is over', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { refresh_token: token } = await strict.open('licat')
      const responses = await Promise.all(Array.from({ length: 50 }, () => refreshBy(strict.client, token)))
      const [success, ...more] = responses.filter(({ status }) => status === 200)
      expect(more).toEqual([])
      expect(await strict.isAccepted(success?.json)).toBe(false)
      expect(await refreshBy(strict.client, success?.json.refresh_token)).toMatchObject(invalidGrant)
    }
  })

  test('requires a refresh token', async () => {
    expect(await refresh('')).toMatchObject({ status: 400, json: { detail: 'refresh_token is required' } })
  })

  test('for an undeclared scope is refused, and leaves the refresh token usable', async () => {
    const { refresh_token: token } = await at.open('licat')
    expect(await refresh(token, { scope: 'everything' })).toMatchObject({
      status: 400,
      json: { error: 'invalid_scope' },
    })
    at.passSeconds(60)
    expect((await refresh(token)).status).toBe(200)
  })

  test('can narrow the scopes of its access token, and the next refresh restores them', async () => {
    const { json: first } = await logIn(client, 'licat', quickPassword, { scope: 'account:read sessions:read' })
    const { json: second } = await refresh(first.refresh_token, { scope: 'sessions:read' })
    expect([second.scope, scopeOf(second)]).toEqual(['sessions:read', 'sessions:read'])
    const { json: third } = await refresh(second.refresh_token)
    expect([third.scope, scopeOf(third)]).toEqual(['account:read sessions:read', 'account:read sessions:read'])
  })

  test('for a declared scope that the log-in lacked is refused, and leaves the refresh token usable', async () => {
    const { json } = await logIn(client, 'licat', quickPassword, { scope: 'account:read' })
    const asking = { scope: 'account:read sessions:read' }
    expect(await refresh(json.refresh_token, asking)).toMatchObject({ status: 400, json: { error: 'invalid_scope' } })
    at.passSeconds(60)
    expect((await refresh(json.refresh_token)).json.scope).toBe('account:read')
  })

  test('by another client is refused, and leaves the refresh token usable', async () => {
    const { json } = await logIn(client, 'licat', quickPassword, { client_id: 'app' })
    expect(await refresh(json.refresh_token, { client_id: 'other' })).toMatchObject(invalidGrant)
    at.passSeconds(60)
    const again = await refresh(json.refresh_token, { client_id: 'app' })
    expect(jwt.decode(again.json.access_token)).toMatchObject({ client_id: 'app' })
    expect((await refresh(again.json.refresh_token)).status).toBe(200)
  })
})

describe('a refresh token', () => {
  test('with any single bit changed is refused, and ends no session', async () => {
    const tokens = await at.open('licat')
    const bytes = Buffer.from(tokens.refresh_token, 'base64url')
    for (let place = 0; place < bytes.length; place += 1) {
      const changed = Buffer.from(bytes)
      changed[place] = (changed[place] ?? 0) ^ (1 << randomInt(8))
      expect(await refresh(changed.toString('base64url'))).toMatchObject(invalidGrant)
    }
    expect(await at.isAccepted(tokens)).toBe(true)
    expect((await refresh(tokens.refresh_token)).status).toBe(200)
  })

  test.each([
    ['a letter more', (token: string) => `${token}A`],
    ['a letter less', (token: string) => token.slice(0, -1)],
    ['padding', (token: string) => `${token}=`],
    ['the other alphabet', (token: string) => `${token.slice(0, -1)}+`],
  ])('with %s is refused', async (_what, change) => {
    expect(await refresh(change((await at.open('licat')).refresh_token))).toMatchObject(invalidGrant)
  })

  test('is no access token, and an access token is no refresh token', async () => {
    const tokens = await at.open('licat')
    expect(await refresh(tokens.access_token)).toMatchObject(invalidGrant)
    expect((await readProtected(client, tokens.refresh_token)).json.code).toBe('invalid-token')
    expect(await at.isAccepted(tokens)).toBe(true)
  })
})
