import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import {
  type Client,
  contractClient,
  form,
  logIn,
  readProtected,
  type Received,
  refresh,
  signUp,
  withToken,
} from '../support/contract-client.ts'
import { addQuickAccount, quickPassword } from '../support/quick-account.ts'
import { type RunningService, startService } from '../support/service.ts'

let now = 1_800_000_000
let service: RunningService
let client: Client
beforeAll(async () => {
  service = await startService({ clock: { ...systemClock, nowSeconds: () => now } })
  client = contractClient(service.url)
})
afterAll(() => service.stop())

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
}

let names = 0
/** A name that is new to the service. */
const newName = (): string => {
  names += 1
  return `Holder${names}`
}
const signUpAnew = async (password: string): Promise<string> => {
  const name = newName()
  expect((await signUp(client, name, password)).status).toBe(200)
  return name
}
const addAnew = async (): Promise<string> => {
  const name = newName()
  await addQuickAccount(service, name)
  return name
}
const open = async (name: string, password = quickPassword): Promise<Tokens> =>
  (await logIn(client, name, password)).json as Tokens
const changePassword = ({ access_token: token }: Tokens, current: unknown, next: unknown): Promise<Received> =>
  withToken(
    client,
    token,
  )({
    method: 'PUT',
    path: '/account/password',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ current_password: current, new_password: next }),
  })
const deleteAccount = ({ access_token: token }: Tokens): Promise<Received> =>
  withToken(client, token)({ method: 'DELETE', path: '/account' })

/** Whether both tokens are good; refreshes, so that the refresh token is used up. */
const lives = async ({ access_token: access, refresh_token: token }: Tokens): Promise<boolean> => {
  const [asked, refreshed] = [await readProtected(client, access), await refresh(client, token)]
  if (asked.status === 200 && refreshed.status === 200) return true
  expect([asked.status, refreshed.status]).toEqual([401, 400])
  expect([asked.json.code, refreshed.json.error]).toEqual(['invalid-token', 'invalid_grant'])
  return false
}

test('the account shows its name as entered at sign-up, and when that was', async () => {
  const name = await signUpAnew('1234')
  const tokens = await open(name.toLowerCase(), '1234')
  now += 60
  const { status, json } = await withToken(client, tokens.access_token)({ path: '/account' })
  expect([status, json]).toEqual([200, { username: name, created_at: '2027-01-15T08:00:00Z' }])
})

describe('a change of the password', () => {
  test('lets the new one log in and not the old one, and ends all sessions but the one that asked', async () => {
    const name = await addAnew()
    const [own, other] = [await open(name), await open(name)]
    const answer = await changePassword(own, quickPassword, 'new')
    expect([answer.status, answer.json]).toEqual([200, { message: 'Password changed' }])
    expect([await lives(own), await lives(other)]).toEqual([true, false])
    expect((await logIn(client, name, quickPassword)).status).toBe(401)
    expect((await logIn(client, name, 'new')).status).toBe(200)
  })

  test('may be repeated by the session that goes on', async () => {
    const name = await addAnew()
    const tokens = await open(name)
    expect((await changePassword(tokens, quickPassword, 'second')).status).toBe(200)
    expect((await changePassword(tokens, 'second', 'third')).status).toBe(200)
    expect((await logIn(client, name, 'third')).status).toBe(200)
  })

  test('touches no other account', async () => {
    const [own, other] = [await open(await addAnew()), await open(await addAnew())]
    await changePassword(own, quickPassword, 'new')
    expect(await lives(other)).toBe(true)
  })

  test('takes the current password in another spelling of Unicode', async () => {
    const tokens = await open(await signUpAnew('caf\u00e9'), 'cafe\u0301')
    expect((await changePassword(tokens, 'cafe\u0301', 'new')).status).toBe(200)
  })

  test('with a wrong current password is refused without a challenge, and changes nothing', async () => {
    const name = await addAnew()
    const [own, other] = [await open(name), await open(name)]
    const { status, json, headers } = await changePassword(own, 'wrong', 'new')
    expect([status, json.code]).toEqual([403, 'incorrect-password'])
    expect(headers['www-authenticate']).toBeUndefined()
    expect([await lives(own), await lives(other)]).toEqual([true, true])
    expect((await logIn(client, name, quickPassword)).status).toBe(200)
  })

  test('asks for a new password as the sign-up does', async () => {
    const strict = await startService({ environment: { PASSWORD_MIN_LENGTH: '15' } })
    const by = contractClient(strict.url)
    await signUp(by, 'licat', 'fifteen letters')
    const { json } = await logIn(by, 'licat', 'fifteen letters')
    const change = (next: string) =>
      withToken(
        by,
        json.access_token,
      )({
        method: 'PUT',
        path: '/account/password',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ current_password: 'fifteen letters', new_password: next }),
      })
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
    ['an empty one', { current_password: '', new_password: 'new' }, ['#/current_password']],
    ['numbers', { current_password: 1234, new_password: 5678 }, ['#/current_password', '#/new_password']],
  ])('with %s names the place', async (_what, body, pointers) => {
    const { access_token: token } = await open(await addAnew())
    const { status, json } = await withToken(
      client,
      token,
    )({
      method: 'PUT',
      path: '/account/password',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(status).toBe(422)
    expect(json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers)
  })

  test('takes JSON alone, of 16 KiB at most', async () => {
    const as = withToken(client, (await open(await addAnew())).access_token)
    const put = (mediaType: string, body: string) =>
      as({ method: 'PUT', path: '/account/password', headers: { 'content-type': mediaType }, body })
    const change = { current_password: '1234', new_password: '5678' }
    expect((await put('application/x-www-form-urlencoded', form(change))).status).toBe(415)
    expect((await put('application/json', JSON.stringify({ ...change, filler: 'x'.repeat(16_384) }))).status).toBe(413)
  })

  test('twice at once with the same current password succeeds once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const name = await addAnew()
      const [one, other] = [await open(name), await open(name)]
      const answers = await Promise.all([
        changePassword(one, quickPassword, 'first'),
        changePassword(one, quickPassword, 'second'),
        changePassword(other, quickPassword, 'third'),
      ])
      expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1)
      const passwords = await Promise.all(
        [quickPassword, 'first', 'second', 'third'].map((word) => logIn(client, name, word)),
      )
      expect(passwords.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1)
      expect([await lives(one), await lives(other)].filter(Boolean)).toHaveLength(1)
    }
  })

  test('leaves no session of an old log-in that races it', async () => {
    const name = await signUpAnew('old')
    const own = await open(name, 'old')
    let password = 'old'
    for (let round = 0; round < 10; round += 1) {
      const next = `new ${round}`
      const logIns = Promise.all([0, 1, 2, 3].map(() => logIn(client, name, password)))
      const [change, answers] = [await changePassword(own, password, next), await logIns]
      expect(change.status).toBe(200)
      for (const { status, json } of answers) {
        if (status === 200) expect(await lives(json)).toBe(false)
        else expect([status, json.error]).toEqual([401, 'invalid_grant'])
      }
      password = next
    }
    expect(await lives(own)).toBe(true)
  })
})

describe('a deletion', () => {
  test('ends all sessions, and nobody logs in or signs up with the name again', async () => {
    const name = await addAnew()
    const [own, other] = [await open(name), await open(name)]
    const answer = await deleteAccount(own)
    expect([answer.status, answer.json]).toEqual([200, { message: 'Account deleted' }])
    expect([await lives(own), await lives(other)]).toEqual([false, false])
    expect((await logIn(client, name, quickPassword)).json.detail).toBe('Incorrect username or password')
    for (const spelling of [name, name.toUpperCase(), name.replace('H', 'Ｈ')]) {
      expect((await signUp(client, spelling, '1234')).json.code).toBe('username-taken')
    }
    expect(await lives(own)).toBe(false)
    expect((await deleteAccount(own)).json.code).toBe('invalid-token')
  })

  test('touches no other account', async () => {
    const [own, other] = [await open(await addAnew()), await open(await addAnew())]
    await deleteAccount(own)
    expect(await lives(other)).toBe(true)
  })

  test('asks for a log-in of the last 5 minutes, which a refresh is not', async () => {
    const name = await addAnew()
    const first = await open(name)
    now += 300
    const { json: second } = await refresh(client, first.refresh_token)
    now += 1
    for (const tokens of [first, second]) {
      const { status, json, headers } = await deleteAccount(tokens)
      expect([status, json.code]).toEqual([401, 'insufficient-user-authentication'])
      expect(headers['www-authenticate']).toBe('Bearer error="insufficient_user_authentication", max_age="300"')
    }
    const again = await open(name)
    now += 300
    expect((await deleteAccount(again)).status).toBe(200)
  })

  test('twice at once succeeds once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const name = await addAnew()
      const [one, other] = [await open(name), await open(name)]
      const answers = await Promise.all([one, other, one].map(deleteAccount))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401])
    }
  })

  test('leaves no session of a log-in that races it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const name = await signUpAnew('1234')
      const own = await open(name, '1234')
      const logIns = Promise.all([0, 1, 2, 3].map(() => logIn(client, name, '1234')))
      // The log-ins are at their hashes meanwhile.
      await refresh(client, own.refresh_token)
      const [deletion, answers] = [await deleteAccount(own), await logIns]
      expect(deletion.status).toBe(200)
      for (const { status, json } of answers) {
        if (status === 200) expect(await lives(json)).toBe(false)
        else expect([status, json.error]).toEqual([401, 'invalid_grant'])
      }
    }
  })
})
