import { beforeAll, beforeEach, expect, test } from '@jest/globals'
import { startAccountService, type Tokens } from '../support/account-service.ts'
import { type Received, refresh, withToken } from '../support/contract-client.ts'
import { claimsOf } from '../support/http.ts'

let at: Awaited<ReturnType<typeof startAccountService>>
let name = ''
beforeAll(async () => {
  at = await startAccountService()
})
beforeEach(async () => {
  name = await at.addAccount()
})

const idOf = ({ access_token: token }: Tokens): string => claimsOf(token).sid
const end = ({ access_token: token }: Tokens, id: string): Promise<Received> =>
  withToken(at.client, token)({ method: 'DELETE', path: `/sessions/${id}` })

test('ends all tokens of the session, and no other session', async () => {
  const [own, other] = [await at.open(name), await at.open(name)]
  const { status, json } = await end(own, idOf(other))
  expect([status, json]).toEqual([200, { message: 'Session ended' }])
  expect([await at.isAccepted(own), await at.isAccepted(other)]).toEqual([true, false])
  expect((await refresh(at.client, other.refresh_token)).json.error).toBe('invalid_grant')
})

test('accepts the session id in upper case', async () => {
  const [own, other] = [await at.open(name), await at.open(name)]
  expect((await end(own, idOf(other).toUpperCase())).status).toBe(200)
  expect(await at.isAccepted(other)).toBe(false)
})

test('can end the session of the request itself', async () => {
  const own = await at.open(name)
  expect((await end(own, idOf(own))).status).toBe(200)
  expect(await at.isAccepted(own)).toBe(false)
})

test('responds alike to an ended session, to one of another account, and to an unknown one', async () => {
  const [own, ended, others] = [await at.open(name), await at.open(name), await at.open(await at.addAccount())]
  await end(own, idOf(ended))
  for (const id of [idOf(ended), idOf(others), '0f8fad5b-d9cb-469f-a165-70867728950e'])
    expect(await end(own, id)).toMatchObject({ status: 404, json: { code: 'unknown-session' } })
  expect(await at.isAccepted(others)).toBe(true)
})

test.each(['x', '0f8fad5b-d9cb-469f-a165-70867728950', '..', '%00'])('refuses the session id %s', async (id) => {
  expect(await end(await at.open(name), id)).toMatchObject({ status: 400, json: { code: 'invalid-parameter' } })
})

test.each(['%zz', '%ff', '%'])('refuses the path /sessions/%s, which cannot be decoded', async (id) => {
  expect(await end(await at.open(name), id)).toMatchObject({ status: 400, json: { code: 'malformed-request' } })
})
