import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Client, contractClient, logIn, readProtected, signUp } from './support/contract-client.ts'
import { type RunningService, startService } from './support/service.ts'

let service: RunningService
let client: Client
beforeAll(async () => {
  service = await startService()
  client = contractClient(service.url)
})
afterAll(() => service.stop())

const seed = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31)
console.info(`fast-check seed: ${seed} (FC_SEED repeats it)`)
const check = <T extends [unknown, ...unknown[]]>(runs: number, property: fc.IAsyncProperty<T>): Promise<void> =>
  fc.assert(property, { seed, numRuns: runs })

const anyString = fc.string({ unit: 'binary', maxLength: 80 })
const graphemes = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 70 })

// Any answer that is not declared, a 5xx among them, is thrown by the client; 500 is declared, hence the check.
const expectNoCrash = (status: number): void => expect(status).toBeLessThan(500)

describe('whatever is sent', () => {
  test('a name and a password that sign up can log in, in any case of the name, and greet it as entered', () =>
    check(
      60,
      fc.asyncProperty(graphemes, graphemes, async (username, password) => {
        const created = await signUp(client, username, password)
        expectNoCrash(created.status)
        if (created.status !== 200) return
        const loggedIn = await logIn(client, username, password)
        expect(loggedIn.status).toBe(200)
        const greeting = await readProtected(client, loggedIn.json.access_token)
        expect(greeting.json.message).toBe(`Hello ${username}! This is a protected route`)
        expect((await signUp(client, username.normalize('NFKC'), password)).status).not.toBe(200)
      }),
    ))

  test('names and passwords of any code units are answered as declared', () =>
    check(
      100,
      fc.asyncProperty(anyString, anyString, async (username, password) => {
        expectNoCrash((await signUp(client, username, password)).status)
        expectNoCrash((await logIn(client, username.toWellFormed(), password.toWellFormed())).status)
      }),
    ))

  test('any JSON as a sign-up is answered as declared', () =>
    check(
      150,
      fc.asyncProperty(fc.json({ maxDepth: 4 }), async (body) => {
        const { status } = await client({
          method: 'POST',
          path: '/signup',
          headers: { 'content-type': 'application/json' },
          body,
        })
        expectNoCrash(status)
      }),
    ))

  const mediaTypes = fc.constantFrom(
    'application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=b',
    'multipart/form-data',
    'text/plain',
  )
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc
      .array(
        fc.constantFrom(
          '--b',
          '--b--',
          '\r\n',
          '\r\n\r\n',
          'Content-Disposition: form-data; name="username"',
          'Content-Transfer-Encoding: base64',
          '; filename="x"',
          'licat',
          '=',
          '&',
          '%',
          '%ff',
          'username',
          '{',
          '}',
          '"',
          ':',
          '\\u',
        ),
        { maxLength: 30 },
      )
      .map((pieces) => Buffer.from(pieces.join(''))),
  )
  test.each(['/signup', '/token'])('any bytes as the body of %s are answered as declared', (path) =>
    check(
      200,
      fc.asyncProperty(mediaTypes, bytes, async (type, body) => {
        expectNoCrash((await client({ method: 'POST', path, headers: { 'content-type': type }, body })).status)
      }),
    ),
  )

  test('any path and method are answered as declared', () =>
    check(
      150,
      fc.asyncProperty(
        fc.webPath(),
        fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'),
        async (path, method) => {
          expectNoCrash((await client({ method, path: `/x${path}` })).status)
        },
      ),
    ))

  test('any Authorization header is answered as declared', () =>
    check(
      150,
      fc.asyncProperty(fc.string({ unit: 'binary-ascii', maxLength: 200 }), async (value) => {
        const authorization = `Bearer ${value.replace(/[^\x20-\x7e]/g, '.')}`
        expect((await client({ path: '/protected', headers: { authorization } })).status).toBe(401)
      }),
    ))
})
