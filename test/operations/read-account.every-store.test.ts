import { expect, test } from '@jest/globals'
import { startAccountService } from '../support/account-service.ts'
import { withToken } from '../support/contract-client.ts'

test('responds with the name as entered at sign-up and the time of the sign-up', async () => {
  const { client, addAccount, open, nowSeconds, passSeconds } = await startAccountService()
  const createdAt = `${new Date(nowSeconds() * 1000).toISOString().slice(0, 19)}Z`
  const name = await addAccount()
  passSeconds(60)
  const { access_token: token } = await open(name.toLowerCase())
  const { status, json } = await withToken(client, token)({ path: '/account' })
  expect([status, json]).toEqual([200, { username: name, created_at: createdAt }])
})
