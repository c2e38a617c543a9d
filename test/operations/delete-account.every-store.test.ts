import { beforeAll, expect, test } from '@jest/globals'
import { startAccountService, type Tokens } from '../support/account-service.ts'
import { logIn, type Received, refresh, signUp, withToken } from '../support/contract-client.ts'
import { quickPassword } from '../support/quick-account.ts'

let at: Awaited<ReturnType<typeof startAccountService>>
beforeAll(async () => {
  at = await startAccountService({ hashCost: 'recommended' })
})

const deleteAccount = ({ access_token: token }: Tokens): Promise<Received> =>
  withToken(at.client, token)({ method: 'DELETE', path: '/account' })

test('ends all sessions, and nobody can log in or sign up with the name again', async () => {
  const name = await at.addAccount()
  const [own, other] = [await at.open(name), await at.open(name)]
  const { status, json } = await deleteAccount(own)
  expect([status, json]).toEqual([200, { message: 'Account deleted' }])
  expect([await at.bothAccepted(own), await at.bothAccepted(other)]).toEqual([false, false])
  expect((await logIn(at.client, name, quickPassword)).json.detail).toBe('Incorrect username or password')
  for (const spelling of [name, name.toUpperCase(), name.replace('H', 'Ｈ')])
    expect((await signUp(at.client, spelling, '1234')).json.code).toBe('username-taken')
  expect(await at.bothAccepted(own)).toBe(false)
  expect((await deleteAccount(own)).json.code).toBe('invalid-token')
})

test('leaves other accounts as they are', async () => {
  const [own, other] = [await at.open(await at.addAccount()), await at.open(await at.addAccount())]
  await deleteAccount(own)
  expect(await at.bothAccepted(other)).toBe(true)
})

test('requires a log-in of the last 5 minutes, and a refresh does not count as one', async () => {
  const name = await at.addAccount()
  const first = await at.open(name)
  at.passSeconds(300)
  const { json: second } = await refresh(at.client, first.refresh_token)
  at.passSeconds(1)
  for (const tokens of [first, second]) {
    const { status, json, headers } = await deleteAccount(tokens)
    expect([status, json.code]).toEqual([401, 'insufficient-user-authentication'])
    expect(headers['www-authenticate']).toBe('Bearer error="insufficient_user_authentication", max_age="300"')
  }
  const again = await at.open(name)
  at.passSeconds(300)
  expect((await deleteAccount(again)).status).toBe(200)
})

test('succeeds once when requested three times at once', async () => {
  for (let round = 0; round < 5; round += 1) {
    const name = await at.addAccount()
    const [one, other] = [await at.open(name), await at.open(name)]
    const responses = await Promise.all([one, other, one].map(deleteAccount))
    expect(responses.map(({ status }) => status).sort()).toEqual([200, 401, 401])
  }
})

test('leaves no session of a log-in that races it', async () => {
  for (let round = 0; round < 5; round += 1) {
    const name = await at.signUpAccount('1234')
    const own = (await logIn(at.client, name, '1234')).json as Tokens
    const logIns = Promise.all([0, 1, 2, 3].map(() => logIn(at.client, name, '1234')))
    // During this request the server starts to hash the passwords of the log-ins.
    await refresh(at.client, own.refresh_token)
    const [deletion, responses] = [await deleteAccount(own), await logIns]
    expect(deletion.status).toBe(200)
    for (const { status, json } of responses) {
      if (status === 200) expect(await at.bothAccepted(json)).toBe(false)
      else expect([status, json.error]).toEqual([401, 'invalid_grant'])
    }
  }
})
