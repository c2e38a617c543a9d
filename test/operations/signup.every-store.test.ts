import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Client, contractClient, logIn, readProtected, signUp } from '../support/contract-client.ts'
import { type RunningService, startService } from '../support/service.ts'

let service: RunningService
let client: Client
beforeAll(async () => {
  service = await startService()
  client = contractClient(service.url)
})
afterAll(() => service.stop())

describe('a username', () => {
  test.each([
    ['white space', 'li cat'],
    ['a tab', 'li\tcat'],
    ['an ideographic space', 'li\u3000cat'],
    ['a control character', 'li\u0085cat'],
    ['a zero-width joiner', 'li\u200dcat'],
    ['a soft hyphen', 'li\u00adcat'],
    ['a direction mark', 'li\u202ecat'],
    ['a private-use character', 'li\ue000cat'],
    ['an unassigned character', 'li\u0378cat'],
    ['a Hangul filler, which is invisible', 'li\u3164cat'],
    ['a variation selector', 'li\ufe0fcat'],
    ['a character that becomes white space (U+00A8)', 'li\u00a8cat'],
    ['65 characters', 'x'.repeat(65)],
    ['characters that normalisation expands beyond 64', '\ufdfa'.repeat(5)],
  ])('with %s is refused', async (_what, username) => {
    const received = await signUp(client, username, '1234')
    expect(received.json.errors).toMatchObject([{ pointer: '#/username' }])
  })

  test.each([
    ['리캣'],
    ['x'.repeat(64)],
    ['\u{1f431}'.repeat(64)],
    ['__proto__'],
    ['constructor'],
    ['o\u2019neil'],
    ['ﬃ'],
  ])('such as %j is accepted as entered, and other spellings then name the same account', async (username) => {
    expect((await signUp(client, username, '1234')).status).toBe(200)
    for (const other of [username, username.toUpperCase(), username.normalize('NFD'), username.normalize('NFKC')]) {
      if ([...other].length > 64) continue
      expect((await signUp(client, other, '1234')).json.detail).toBe('Username already exists')
      const token = (await logIn(client, other, '1234')).json.access_token
      expect((await readProtected(client, token)).json.message).toBe(`Hello ${username}! This is a protected route`)
    }
  })
})

describe('a password', () => {
  test('is compared after normalisation to NFC', async () => {
    await signUp(client, 'accents', 'caf\u00e9')
    expect((await logIn(client, 'accents', 'cafe\u0301')).status).toBe(200)
    expect((await logIn(client, 'accents', 'cafe')).status).toBe(401)
  })

  test('of 256 characters outside the basic plane counts in full', async () => {
    const password = '\u{1f511}'.repeat(256)
    expect((await signUp(client, 'long', password)).status).toBe(200)
    expect((await logIn(client, 'long', password)).status).toBe(200)
    expect((await logIn(client, 'long', `${password.slice(0, -2)}\u{1f512}`)).status).toBe(401)
  })

  test('must have the minimum length in code points, at sign-up only', async () => {
    const strict = await startService({ environment: { PASSWORD_MIN_LENGTH: '8' } })
    const strictClient = contractClient(strict.url)
    const refused = await signUp(strictClient, 'licat', '\u{1f511}'.repeat(7))
    expect(refused.json.errors).toEqual([{ pointer: '#/password', detail: 'must have at least 8 characters' }])
    expect((await signUp(strictClient, 'licat', '\u{1f511}'.repeat(8))).status).toBe(200)
    expect((await logIn(strictClient, 'licat', 'x')).status).toBe(401)
    await strict.stop()
  })
})

test('exactly one of several simultaneous sign-ups succeeds, whatever the spelling of the name', async () => {
  for (let round = 0; round < 5; round += 1) {
    const spellings = [`Racer${round}`, `racer${round}`, `RACER${round}`, `ｒacer${round}`]
    const answers = await Promise.all([...spellings, ...spellings].map((name) => signUp(client, name, '1234')))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400, 400, 400, 400])
  }
})
