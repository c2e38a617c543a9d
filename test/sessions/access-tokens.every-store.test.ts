import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import jwt from 'jsonwebtoken'
import { systemClock } from '../../src/clock.ts'
import { readContract } from '../../src/contract/document.ts'
import { allScopes, type Client, contractClient, logIn, readProtected } from '../support/contract-client.ts'
import { addQuickAccount, quickPassword } from '../support/quick-account.ts'
import { type RunningService, secretKey, startService } from '../support/service.ts'

let service: RunningService
let client: Client
let now = 1_800_000_000
let issued: string
const lifetime = 1800

beforeAll(async () => {
  service = await startService({ clock: { ...systemClock, nowSeconds: () => now } })
  client = contractClient(service.url)
  await addQuickAccount(service, 'licat')
  issued = (await logIn(client, 'Licat', quickPassword)).json.access_token
})
afterAll(() => service.stop())

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** Signs any header and payload with the key of the service; strings are taken as they are. */
const sign = (header: unknown, payload: unknown, key = secretKey, hash = 'sha256'): string => {
  const input = `${encode(header)}.${encode(payload)}`
  return `${input}.${createHmac(hash, key).update(input).digest('base64url')}`
}

const header = { alg: 'HS256', typ: 'at+jwt' }
const claims = (): Record<string, unknown> => ({
  iss: `http://localhost:${service.port}`,
  aud: `http://localhost:${service.port}`,
  sub: 'licat',
  iat: now,
  exp: now + lifetime,
  auth_time: now,
  jti: 'j',
  // Of a session that lasts.
  sid: (jwt.decode(issued) as { sid: string }).sid,
  client_id: 'public',
  scope: allScopes,
})
const withClaims = (changes: Record<string, unknown>) => (): string => sign(header, { ...claims(), ...changes })
const withHeader = (changes: Record<string, unknown>) => (): string => sign({ ...header, ...changes }, claims())
const without = (name: string) => (): string => {
  const others = Object.entries(claims()).filter(([other]) => other !== name)
  return sign(header, Object.fromEntries(others))
}
const payloadText = (): string => JSON.stringify(claims())
const [goodHeader, goodPayload, goodSignature] = [0, 1, 2].map(
  (n) => () => sign(header, claims()).split('.')[n] ?? '',
) as [() => string, () => string, () => string]
/** Another spelling of the same bytes: the unused bits of the last character set. */
const respell = (part: string): string => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return part.slice(0, -1) + alphabet.charAt(alphabet.indexOf(part.slice(-1)) + 1)
}

const refused: Readonly<Record<string, () => string>> = {
  'nothing at all': () => '',
  garbage: () => 'abc',
  'two parts': () => `${goodHeader()}.${goodPayload()}`,
  'four parts': () => `${sign(header, claims())}.x`,
  'another key': () => sign(header, claims(), 'another key of more than 32 bytes!'),
  'no signature': () => `${goodHeader()}.${goodPayload()}.`,
  'alg none': () => `${encode({ alg: 'none', typ: 'at+jwt' })}.${goodPayload()}.`,
  'alg HS512': () => sign({ ...header, alg: 'HS512' }, claims(), secretKey, 'sha512'),
  'alg RS256 over an HMAC': withHeader({ alg: 'RS256' }),
  'typ JWT': withHeader({ typ: 'JWT' }),
  'typ rt+jwt': withHeader({ typ: 'rt+jwt' }),
  'no typ': () => sign({ alg: 'HS256' }, claims()),
  crit: withHeader({ crit: ['exp'] }),
  'b64 false': withHeader({ b64: false, crit: ['b64'] }),
  'an embedded jwk': withHeader({ jwk: { kty: 'oct', k: 'AA' } }),
  'a jku': withHeader({ jku: 'https://example.com' }),
  'a kid that is no string': withHeader({ kid: 7 }),
  'a header that is an array': () => sign([header], claims()),
  'a header that is no JSON': () => sign('{', claims()),
  'a key twice in the header': () => sign('{"alg":"HS256","typ":"at+jwt","typ":"at+jwt"}', claims()),
  'a key twice in the payload': () => sign(header, payloadText().replace('{', '{"sub":"admin",')),
  'a key twice, spelled differently': () => sign(header, payloadText().replace('{', '{"\\u0073ub":"admin",')),
  'a payload that is an array': () => sign(header, [claims()]),
  'a payload that is no JSON': () => sign(header, 'sub=licat'),
  'a payload that is no UTF-8': () => {
    const input = `${encode(header)}.${Buffer.from(payloadText().replace('licat', 'lic\xff'), 'latin1').toString('base64url')}`
    return `${input}.${createHmac('sha256', secretKey).update(input).digest('base64url')}`
  },
  'padding in the signature': () => `${goodHeader()}.${goodPayload()}.${goodSignature()}=`,
  'another spelling of the signature': () => `${goodHeader()}.${goodPayload()}.${respell(goodSignature())}`,
  'plain base64': () =>
    `${goodHeader()}.${goodPayload()}.${goodSignature().replaceAll('-', '+').replaceAll('_', '/')}+`,
  'white space within': () => `${goodHeader()}.${goodPayload()}. ${goodSignature()}`,
  'another issuer': withClaims({ iss: 'http://localhost:1' }),
  'an array as issuer': () => withClaims({ iss: [claims().iss] })(),
  'another audience': withClaims({ aud: 'http://localhost:1' }),
  'an array as audience': () => withClaims({ aud: [claims().aud] })(),
  'an array as sub': withClaims({ sub: ['licat'] }),
  'an empty sub': withClaims({ sub: '' }),
  'a number as jti': withClaims({ jti: 7 }),
  'a number as scope': withClaims({ scope: 7 }),
  'a string as exp': () => withClaims({ exp: String(now + 60) })(),
  'an absurd exp': withClaims({ exp: 1e300 }),
  'a fraction as iat': () => withClaims({ iat: now - 0.5 })(),
  'an exp in the past': () => withClaims({ iat: now - 60, auth_time: now - 60, exp: now })(),
  'an exp before iat': () => withClaims({ exp: now - 1 })(),
  'a lifetime beyond the configured one': () => withClaims({ exp: now + lifetime + 1 })(),
  'an iat in the future': () => withClaims({ iat: now + 6, auth_time: now })(),
  'an auth_time after iat': () => withClaims({ auth_time: now + 1 })(),
  'an nbf in the future': () => withClaims({ nbf: now + 1 })(),
  'more than 8 KiB': withClaims({ filler: 'x'.repeat(8192) }),
  ...Object.fromEntries(
    ['iss', 'aud', 'sub', 'iat', 'exp', 'auth_time', 'jti', 'sid', 'client_id', 'scope'].map((name) => [
      `no ${name}`,
      without(name),
    ]),
  ),
}

describe('a token is not valid with', () => {
  test.each(Object.entries(refused))('%s', async (_name, token) => {
    const received = await readProtected(client, token())
    expect(received.json).toMatchObject({ status: 401, code: 'invalid-token', detail: 'Invalid token' })
    expect(received.headers['www-authenticate']).toBe('Bearer error="invalid_token"')
  })

  test('any character changed', async () => {
    for (let i = 0; i < issued.length; i += 7) {
      const other = issued[i] === 'A' ? 'B' : 'A'
      expect((await readProtected(client, issued.slice(0, i) + other + issued.slice(i + 1))).status).toBe(401)
    }
  })

  test('two Authorization headers, each with a valid one', async () => {
    const received = await client({
      path: '/protected',
      headers: { authorization: [`Bearer ${issued}`, `Bearer ${issued}`] },
    })
    expect(received.json.detail).toBe('Invalid token')
  })
})

describe('a token is valid', () => {
  test('as issued, and for the name as entered at sign-up', async () => {
    expect((await readProtected(client, issued)).json.message).toBe('Hello licat! This is a protected route')
  })

  test('when another JWT library has written the same with the key', async () => {
    expect((await readProtected(client, sign(header, claims()))).status).toBe(200)
    expect(
      (await readProtected(client, sign('{ "typ": "at+jwt", "alg": "HS256", "kid": "k" }', `${payloadText()} `)))
        .status,
    ).toBe(200)
  })

  test.each(['Bearer', 'bearer', 'BEARER', 'Bearer  '])('with the scheme %j', async (scheme) => {
    expect((await client({ path: '/protected', headers: { authorization: `${scheme} ${issued}` } })).status).toBe(200)
  })

  test('also where the clock of the machine that issued it is a few seconds ahead', async () => {
    const ahead = { iat: now + 5, auth_time: now + 5 }
    expect((await readProtected(client, withClaims(ahead)())).status).toBe(200)
  })

  test('of up to 8192 characters', async () => {
    const spaced = (kid: string, spaces: number): string =>
      sign({ ...header, kid }, `${payloadText()}${' '.repeat(spaces)}`)
    const tokens = ['k', 'kk'].flatMap((kid) => Array.from({ length: 500 }, (_, i) => spaced(kid, 5_500 + i)))
    const statusOfLength = async (length: number): Promise<number> =>
      (await readProtected(client, tokens.find((token) => token.length === length) ?? '')).status
    expect(await statusOfLength(8192)).toBe(200)
    expect(await statusOfLength(8193)).toBe(401)
  })

  test('until the second at which it expires', async () => {
    const begin = now
    now = begin + lifetime - 1
    expect((await readProtected(client, issued)).status).toBe(200)
    now = begin + lifetime
    expect((await readProtected(client, issued)).status).toBe(401)
    now = begin
  })
})

describe('an access token says', () => {
  test('exactly the claims of RFC 9068, verifiable by any JWT library that has the key', async () => {
    const { json } = await logIn(client, 'licat', quickPassword, { client_id: 'web' })
    const complete = jwt.verify(json.access_token, secretKey, { complete: true, clockTimestamp: now })
    expect(complete.header).toEqual({ alg: 'HS256', typ: 'at+jwt' })
    expect(complete.payload).toEqual({
      ...claims(),
      client_id: 'web',
      jti: expect.any(String),
      sid: expect.any(String),
    })
    expect(json).toMatchObject({ expires_in: lifetime, scope: allScopes })
  })

  test('a session and an id that are fresh each time', async () => {
    const decode = async () =>
      jwt.decode((await logIn(client, 'licat', quickPassword)).json.access_token) as jwt.JwtPayload
    const [one, other] = [await decode(), await decode()]
    expect(one.jti).not.toBe(other.jti)
    expect(one.sid).not.toBe(other.sid)
    expect(one.jti).not.toBe(one.sid)
  })
})

test('a log-in gets all the scopes that the contract declares, or those that it asks for', async () => {
  const document = readContract() as any
  document.components.securitySchemes.oauth2.flows.password.scopes = { account: 'yours', sessions: 'too' }
  const scopedService = await startService({ document })
  const scoped = contractClient(scopedService.url)
  await addQuickAccount(scopedService, 'licat')
  const scopeOf = async (more: Record<string, string>) => {
    const { json } = await logIn(scoped, 'licat', quickPassword, more)
    return json.error ?? [json.scope, (jwt.decode(json.access_token) as jwt.JwtPayload).scope]
  }
  expect(await scopeOf({})).toEqual(['account sessions', 'account sessions'])
  expect(await scopeOf({ scope: 'sessions' })).toEqual(['sessions', 'sessions'])
  expect(await scopeOf({ scope: 'sessions account' })).toEqual(['account sessions', 'account sessions'])
  expect(await scopeOf({ scope: 'sessions other' })).toBe('invalid_scope')
})

describe('the client names itself', () => {
  const clientIdOf = async (headers: Record<string, string>, more: Record<string, string> = {}) => {
    const body = new URLSearchParams({ username: 'licat', password: quickPassword, ...more }).toString()
    const received = await client({
      method: 'POST',
      path: '/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body,
    })
    return received.status === 200
      ? (jwt.decode(received.json.access_token) as jwt.JwtPayload).client_id
      : received.json.error
  }
  const basic = (user: string, password = '') => ({
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  })

  test.each([
    ['not at all', {}, {}, 'public'],
    ['in the form', {}, { client_id: 'web', client_secret: 'x' }, 'web'],
    ['by Basic', basic('web', 'secret'), {}, 'web'],
    ['by Basic, form-encoded', basic('my+web%21'), {}, 'my web!'],
    ['by Basic, with a percent sign that is no code', basic('100%'), {}, '100%'],
    ['by Basic and in the form alike', basic('web'), { client_id: 'web' }, 'web'],
    ['by Basic and in the form differently', basic('web'), { client_id: 'app' }, 'invalid_request'],
    ['by an empty Basic, as Swagger UI does', basic(''), {}, 'public'],
    ['by another scheme, which is ignored', { authorization: 'Bearer x' }, {}, 'public'],
    ['by a malformed Basic, which is ignored', { authorization: 'Basic *' }, {}, 'public'],
  ] as const)('%s', async (_name, headers, more, expected) => {
    expect(await clientIdOf(headers, more)).toBe(expected)
  })
})

test('a lifetime can be a fraction of a minute', async () => {
  const short = await startService({ environment: { ACCESS_TOKEN_EXPIRE_MINUTES: '0.05' } })
  const shortClient = contractClient(short.url)
  await addQuickAccount(short, 'licat')
  expect((await logIn(shortClient, 'licat', quickPassword)).json.expires_in).toBe(3)
  await short.stop()
})
