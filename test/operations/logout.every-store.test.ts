import { expect, test } from '@jest/globals'
import { startAccountService } from '../support/account-service.ts'
import { type Received, refresh, withToken } from '../support/contract-client.ts'

test('ends the session of the request with all its tokens, and no other session', async () => {
  const at = await startAccountService()
  const logOut = (token: string): Promise<Received> => withToken(at.client, token)({ method: 'POST', path: '/logout' })
  const name = await at.addAccount()
  const [first, other] = [await at.open(name), await at.open(name)]
  const { json: second } = await refresh(at.client, first.refresh_token)
  const { status, json } = await logOut(second.access_token)
  expect([status, json]).toEqual([200, { message: 'Logged out' }])
  for (const tokens of [first, second]) expect(await at.bothAccepted(tokens)).toBe(false)
  expect((await logOut(first.access_token)).status).toBe(401)
  expect(await at.isAccepted(other)).toBe(true)
})
