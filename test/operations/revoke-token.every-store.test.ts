// RFC 7009.
import { beforeAll, expect, test } from '@jest/globals'
import { startAccountService, type Tokens } from '../support/account-service.ts'
import { form, type Received, refresh } from '../support/contract-client.ts'
import { addQuickAccount } from '../support/quick-account.ts'

let at: Awaited<ReturnType<typeof startAccountService>>
beforeAll(async () => {
  at = await startAccountService()
  await addQuickAccount(at, 'licat')
})

const open = (): Promise<Tokens> => at.open('licat')

const revoke = (fields: Readonly<Record<string, string>>): Promise<Received> =>
  at.client({
    method: 'POST',
    path: '/revoke',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form(fields),
  })

test.each([
  ['a refresh token', 'refresh_token', {}],
  ['an access token', 'access_token', {}],
  ['a refresh token with a wrong hint', 'refresh_token', { token_type_hint: 'access_token' }],
  ['an access token with an unknown hint', 'access_token', { token_type_hint: 'magic' }],
] as const)('ends the session of %s', async (_what, kind, more) => {
  const [tokens, other] = [await open(), await open()]
  const { status, json } = await revoke({ token: tokens[kind], ...more })
  expect([status, json]).toEqual([200, { message: 'Token revoked' }])
  expect(await at.isAccepted(tokens)).toBe(false)
  expect(await refresh(at.client, tokens.refresh_token)).toMatchObject({
    status: 400,
    json: { error: 'invalid_grant' },
  })
  expect(await at.isAccepted(other)).toBe(true)
  expect((await revoke({ token: tokens[kind] })).status).toBe(200)
})

test('responds 200 to a token that is not genuine, and ends nothing', async () => {
  const tokens = await open()
  const forged = `${tokens.refresh_token.slice(0, -1)}${tokens.refresh_token.endsWith('A') ? 'B' : 'A'}`
  for (const token of ['x', forged, `${tokens.access_token}x`]) {
    expect(await revoke({ token })).toMatchObject({ status: 200, json: { message: 'Token revoked' } })
  }
  expect(await at.isAccepted(tokens)).toBe(true)
})

test('requires a token and a form of at most 16 KiB', async () => {
  expect(await revoke({})).toMatchObject({ status: 400, json: { detail: 'token is required' } })
  expect(await revoke({ token: 'x', filler: 'x'.repeat(16_384) })).toMatchObject({ status: 413 })
  const headers = { 'content-type': 'application/json' }
  expect(await at.client({ method: 'POST', path: '/revoke', headers, body: '{}' })).toMatchObject({ status: 415 })
})
