import { beforeAll, expect, test } from '@jest/globals'
import { startAccountService, type Tokens } from '../support/account-service.ts'
import {
  type Client,
  contractClient,
  form,
  logIn,
  type Received,
  signUp,
  withToken,
} from '../support/contract-client.ts'
import { quickPassword } from '../support/quick-account.ts'
import { openRaw, parseAnswer } from '../support/raw.ts'
import { startService } from '../support/service.ts'

let at: Awaited<ReturnType<typeof startAccountService>>
beforeAll(async () => {
  at = await startAccountService({ hashCost: 'recommended' })
})

const putPassword = (client: Client, token: string, body: object): Promise<Received> =>
  withToken(
    client,
    token,
  )({
    method: 'PUT',
    path: '/account/password',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
const changePassword = ({ access_token: token }: Tokens, current: string, next: string): Promise<Received> =>
  putPassword(at.client, token, { current_password: current, new_password: next })
const statusOfLogIn = async (name: string, password: string): Promise<number> =>
  (await logIn(at.client, name, password)).status
const successes = (responses: readonly Received[]): number => responses.filter(({ status }) => status === 200).length

test('replaces the password, and ends all sessions but its own', async () => {
  const name = await at.addAccount()
  const [own, other] = [await at.open(name), await at.open(name)]
  const { status, json } = await changePassword(own, quickPassword, 'new')
  expect([status, json]).toEqual([200, { message: 'Password changed' }])
  expect([await at.bothAccepted(own), await at.bothAccepted(other)]).toEqual([true, false])
  expect([await statusOfLogIn(name, quickPassword), await statusOfLogIn(name, 'new')]).toEqual([401, 200])
})

test('works again in the session that remains', async () => {
  const name = await at.addAccount()
  const tokens = await at.open(name)
  expect((await changePassword(tokens, quickPassword, 'second')).status).toBe(200)
  expect((await changePassword(tokens, 'second', 'third')).status).toBe(200)
  expect(await statusOfLogIn(name, 'third')).toBe(200)
})

test('leaves other accounts as they are', async () => {
  const [own, other] = [await at.open(await at.addAccount()), await at.open(await at.addAccount())]
  await changePassword(own, quickPassword, 'new')
  expect(await at.bothAccepted(other)).toBe(true)
})

test('accepts the current password in another Unicode spelling', async () => {
  const name = await at.signUpAccount('caf\u00e9')
  const { json } = await logIn(at.client, name, 'cafe\u0301')
  expect((await changePassword(json, 'cafe\u0301', 'new')).status).toBe(200)
})

test.each<[what: string, end: (own: Tokens, other: Tokens) => Promise<Received>]>([
  ['its session', (own) => withToken(at.client, own.access_token)({ method: 'POST', path: '/logout' })],
  ['its account', (_own, other) => withToken(at.client, other.access_token)({ method: 'DELETE', path: '/account' })],
])('responds 401 when %s ends while its request body arrives', async (_what, end) => {
  const name = await at.addAccount()
  const own = await at.open(name)
  const body = JSON.stringify({ current_password: quickPassword, new_password: 'new' })
  const { socket, answer } = await openRaw(at.port)
  socket.write(
    `PUT /account/password HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer ${own.access_token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
  )
  // By the end of this log-in, the service has authenticated the request above.
  const other = await at.open(name)
  expect((await end(own, other)).status).toBe(200)
  socket.write(body)
  const { status, json } = parseAnswer(await answer)
  expect([status, json.code]).toEqual([401, 'invalid-token'])
})

test('refuses a wrong current password without a challenge, and changes nothing', async () => {
  const name = await at.addAccount()
  const [own, other] = [await at.open(name), await at.open(name)]
  const { status, json, headers } = await changePassword(own, 'wrong', 'new')
  expect([status, json.code]).toEqual([403, 'incorrect-password'])
  expect(headers['www-authenticate']).toBeUndefined()
  expect([await at.bothAccepted(own), await at.bothAccepted(other)]).toEqual([true, true])
  expect(await statusOfLogIn(name, quickPassword)).toBe(200)
})

test('holds the new password to the policy for sign-ups', async () => {
  const strict = await startService({ environment: { PASSWORD_MIN_LENGTH: '15' } })
  const client = contractClient(strict.url)
  await signUp(client, 'licat', 'fifteen letters')
  const { json } = await logIn(client, 'licat', 'fifteen letters')
  const change = (next: string) =>
    putPassword(client, json.access_token, { current_password: 'fifteen letters', new_password: next })
  expect(await change('fourteen chars')).toMatchObject({
    status: 422,
    json: { errors: [{ pointer: '#/new_password', detail: 'must have at least 15 characters' }] },
  })
  expect(await change('\ud800 is not well-formed')).toMatchObject({
    status: 422,
    json: { errors: [{ pointer: '#/new_password', detail: 'must be well-formed Unicode' }] },
  })
  expect((await change('fifteen letters')).status).toBe(200)
  await strict.stop()
})

test.each([
  ['a missing current password', { new_password: 'new' }, ['#/current_password']],
  ['an empty current password', { current_password: '', new_password: 'new' }, ['#/current_password']],
  ['numbers', { current_password: 1234, new_password: 5678 }, ['#/current_password', '#/new_password']],
])('names the invalid fields of a body with %s', async (_what, body, pointers) => {
  const { access_token: token } = await at.open(await at.addAccount())
  const { status, json } = await putPassword(at.client, token, body)
  expect(status).toBe(422)
  expect(json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers)
})

test('accepts only JSON, of at most 16 KiB', async () => {
  const client = withToken(at.client, (await at.open(await at.addAccount())).access_token)
  const put = (mediaType: string, body: string) =>
    client({ method: 'PUT', path: '/account/password', headers: { 'content-type': mediaType }, body })
  const change = { current_password: '1234', new_password: '5678' }
  expect((await put('application/x-www-form-urlencoded', form(change))).status).toBe(415)
  expect((await put('application/json', JSON.stringify({ ...change, filler: 'x'.repeat(16_384) }))).status).toBe(413)
})

test('succeeds once when requested three times at once with one current password', async () => {
  for (let round = 0; round < 5; round += 1) {
    const name = await at.addAccount()
    const [one, other] = [await at.open(name), await at.open(name)]
    const changes = await Promise.all([
      changePassword(one, quickPassword, 'first'),
      changePassword(one, quickPassword, 'second'),
      changePassword(other, quickPassword, 'third'),
    ])
    expect(successes(changes)).toBe(1)
    const passwords = [quickPassword, 'first', 'second', 'third']
    expect(successes(await Promise.all(passwords.map((password) => logIn(at.client, name, password))))).toBe(1)
    expect([await at.bothAccepted(one), await at.bothAccepted(other)].filter(Boolean)).toHaveLength(1)
  }
})

test('leaves no session of a log-in with the old password that races it', async () => {
  const name = await at.signUpAccount('old')
  const own = (await logIn(at.client, name, 'old')).json as Tokens
  let password = 'old'
  for (let round = 0; round < 10; round += 1) {
    const next = `new ${round}`
    const logIns = Promise.all([0, 1, 2, 3].map(() => logIn(at.client, name, password)))
    const [change, responses] = [await changePassword(own, password, next), await logIns]
    expect(change.status).toBe(200)
    for (const { status, json } of responses) {
      if (status === 200) expect(await at.bothAccepted(json)).toBe(false)
      else expect([status, json.error]).toEqual([401, 'invalid_grant'])
    }
    password = next
  }
  expect(await at.bothAccepted(own)).toBe(true)
})
