import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Client, contractClient, form, logIn, signUp, withToken } from '../support/contract-client.ts'
import { overload, startServiceWithShortQueue } from '../support/overload.ts'
import type { RunningService } from '../support/service.ts'

let service: RunningService
let client: Client
beforeAll(async () => {
  service = await startServiceWithShortQueue()
  client = contractClient(service.url)
  await signUp(client, 'busy', '1234')
})
afterAll(() => service.stop())

test('more log-ins than fit in the line are refused at once, with Retry-After, and the rest is served', async () => {
  const answers = await overload(client, () => ({
    method: 'POST',
    path: '/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form({ username: 'busy', password: '1234' }),
  }))
  const refused = answers.filter(({ status }) => status === 503)
  const served = answers.filter(({ status }) => status === 200)
  expect(served.length).toBe(answers.length - refused.length)
  expect(served.length).toBeGreaterThanOrEqual(65)
  expect(refused.length).toBeGreaterThan(0)
  for (const { json, headers } of refused) {
    expect(json.error).toBe('temporarily_unavailable')
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
  }
  expect((await logIn(client, 'busy', '1234')).status).toBe(200)
})

test('a change of the password is refused with Retry-After when too many passwords are waiting to be hashed', async () => {
  const { json } = await logIn(client, 'busy', '1234')
  const answers = await overload(withToken(client, json.access_token), () => ({
    method: 'PUT',
    path: '/account/password',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ current_password: 'wrong', new_password: '5678' }),
  }))
  const [refused, ...others] = answers.filter(({ status }) => status === 503)
  expect(refused?.json.code).toBe('overloaded')
  expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0)
  expect(answers.filter(({ status }) => status === 403)).toHaveLength(answers.length - others.length - 1)
})
