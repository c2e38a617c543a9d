import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import { readContract } from '../../src/contract/document.ts'
import { operationsOf } from '../../src/contract/operations.ts'
import { type Client, contractClient, form, logIn, type Sent, signUp } from '../support/contract-client.ts'
import { type RunningService, startService } from '../support/service.ts'
import { detachable, openTestStores } from '../support/stores.ts'

const licat = { username: 'licat', password: '1234' }
const json = { 'content-type': 'application/json' }
const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' }

/** What an operation needs beside a token. */
const more: Readonly<Record<string, (refreshToken: string) => Pick<Sent, 'headers' | 'body'>>> = {
  signup: () => ({ headers: json, body: JSON.stringify({ ...licat, username: 'gary' }) }),
  issueToken: () => ({ headers: urlencoded, body: form(licat) }),
  revokeToken: (token) => ({ headers: urlencoded, body: form({ token }) }),
  changePassword: () => ({ headers: json, body: JSON.stringify({ current_password: '1234', new_password: '5678' }) }),
}

const operations = operationsOf(readContract()).filter(({ id }) => id !== 'readLiveness')

let service: RunningService
let client: Client
let store: ReturnType<typeof detachable>
let tokens: { access_token: string; refresh_token: string }
beforeAll(async () => {
  store = detachable(await openTestStores({ idleSeconds: 60, absoluteSeconds: 60 }, systemClock))
  service = await startService({ stores: store.stores })
  client = contractClient(service.url)
  await signUp(client, licat.username, licat.password)
  tokens = (await logIn(client, licat.username, licat.password)).json
})
afterAll(async () => {
  await service.stop()
  await store.stores.close()
})

test.each(operations.map(({ id, method, path }) => [id, method.toUpperCase(), path]))(
  '%s answers 503 with Retry-After while the store is out of reach',
  async (id, method, template) => {
    const path = template.replace('{session_id}', '0f8fad5b-d9cb-469f-a165-70867728950e')
    const { headers, body } = more[id]?.(tokens.refresh_token) ?? {}
    // HTTP Basic would name a client there.
    const authorization = headers === urlencoded ? {} : { authorization: `Bearer ${tokens.access_token}` }
    store.detach()
    const answer = await client({ method, path, headers: { ...headers, ...authorization }, ...(body ? { body } : {}) })
    store.attach()
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, id === 'readReadiness' ? '5' : '2'])
    expect(answer.json.detail).toBe('The service is not ready')
    const requestId = answer.headers['x-request-id']
    expect(service.lines.find((line) => line.id === requestId && line.msg !== 'request')).toMatchObject({
      msg: 'not-ready',
      err: { message: expect.stringContaining('out of reach') },
    })
  },
)

test('a refresh goes on when the store is back, with the same token', async () => {
  const sent = {
    method: 'POST',
    path: '/token',
    headers: urlencoded,
    body: form({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token }),
  }
  store.detach()
  expect((await client(sent)).json.error).toBe('temporarily_unavailable')
  store.attach()
  expect((await client(sent)).status).toBe(200)
})
