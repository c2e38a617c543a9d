import { expect, test } from '@jest/globals'
import { startAccountService } from '../support/account-service.ts'
import { withToken } from '../support/contract-client.ts'

test('ends all other sessions of the account, and none of another account', async () => {
  const { client, addAccount, open, bothAccepted } = await startAccountService()
  const [name, otherName] = [await addAccount(), await addAccount()]
  const [own, second, third, others] = [await open(name), await open(name), await open(name), await open(otherName)]
  const { status, json } = await withToken(client, own.access_token)({ method: 'DELETE', path: '/sessions' })
  expect([status, json]).toEqual([200, { message: 'Other sessions ended' }])
  const accepted = [await bothAccepted(second), await bothAccepted(third), await bothAccepted(own)]
  expect([...accepted, await bothAccepted(others)]).toEqual([false, false, true, true])
})
