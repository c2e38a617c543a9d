import type { Operation } from '../contract/operations.ts'
import type { Check, Material } from './checks.ts'
import { asAnExample } from './examples.ts'
import type { Headers, Received } from './exchange.ts'
import type { Fields } from './requests.ts'
import { bearer, outgoingOf } from './right-requests.ts'

/** What an operation answers to tokens: those that ask for one refuse all but a valid one, the others do not look. */
export const securityChecks = (operation: Operation, material: Material): readonly Check[] =>
  operation.isSecured ? securedChecks(operation, material) : openChecks(operation, material)

/** Whoever has a token sends it everywhere. */
const openChecks = (operation: Operation, { session, host, makeRight }: Material): readonly Check[] => {
  const check = (title: string, expected: Check['expected'], headers: Headers): Check => ({
    operationId: operation.id,
    title,
    expected,
    request: async () => outgoingOf(host, await makeRight(operation), { headers }),
  })
  return [
    ...(operation.body === undefined
      ? [
          check('no token', 'success', []),
          check('a token that is not valid, where none is needed', 'success', [bearer('abc')]),
        ]
      : []),
    // The 401 of the log-in is about the password; it takes an Authorization header as the name of a client.
    ...(operation.responses.has(401) && operation.path !== session.logIn.path
      ? [check('two Authorization headers', 401, [bearer('a'), bearer('b')])]
      : []),
  ]
}

const securedChecks = (operation: Operation, material: Material): readonly Check[] => {
  const { host, makeRight, session, expiredToken } = material
  const check = (
    title: string,
    headers: (token: string) => Headers,
    { expected = 401, also = namesAnInvalidToken, query = () => [] }: Partial<Particulars> = {},
  ): Check => ({
    operationId: operation.id,
    title,
    expected,
    ...(expected === 401 ? { also } : {}),
    request: async () => {
      const right = await makeRight(operation)
      const token = right.tokens?.accessToken ?? ''
      return outgoingOf(host, right, { headers: headers(token), query: query(token) })
    },
  })
  const refused = { also: asksForAToken }
  return [
    check('a valid token', (token) => [bearer(token)], { expected: 'success' }),
    check('a valid token, the scheme in lower case', (token) => [['Authorization', `bearer ${token}`]], {
      expected: 'success',
    }),
    check('no token', () => [], refused),
    check('another scheme', () => [['Authorization', 'Basic dmVyaWZ5OnZlcmlmeQ==']], refused),
    check('a token in the query alone', () => [], { ...refused, query: (token) => [['access_token', token]] }),
    ...Object.entries(forgeries).map(([title, forge]) => check(title, (token) => [bearer(forge(token))])),
    refusalCheck(operation, material, 'a refresh token', () => session.refreshToken()),
    check('two Authorization headers', (token) => [bearer(token), bearer(token)]),
    ...(expiredToken === undefined ? [] : [refusalCheck(operation, material, expiredTitle, () => expiredToken)]),
  ]
}

interface Particulars {
  readonly expected: 'success' | 401
  readonly also: (answer: Received) => readonly string[]
  readonly query: (token: string) => Fields
}

export const expiredTitle = 'a token that has expired'

/** A check that a token is refused as invalid. */
export const refusalCheck = (
  operation: Operation,
  { document, host, makeRight }: Material,
  title: string,
  token: () => string | Promise<string>,
): Check => ({
  operationId: operation.id,
  title,
  expected: 401,
  also: (answer) => [...namesAnInvalidToken(answer), ...asAnExample(document, operation.id)(answer)],
  request: async () => {
    const refused = await token()
    return outgoingOf(host, await makeRight(operation), { headers: [bearer(refused)] })
  },
})

/** A challenge without an error: the request had no token (RFC 6750, 3.1). */
const asksForAToken = ({ headers }: Received): readonly string[] =>
  /^bearer(?!.*error=)/i.test(String(headers['www-authenticate']))
    ? []
    : ['the header WWW-Authenticate must be Bearer without an error, as there was no token (RFC 6750, 3.1)']

export const namesAnInvalidToken = ({ headers }: Received): readonly string[] =>
  /^bearer .*error="invalid_token"/i.test(String(headers['www-authenticate']))
    ? []
    : ['the header WWW-Authenticate must be Bearer with error="invalid_token" (RFC 6750, 3.1)']

const part = (members: object): string => Buffer.from(JSON.stringify(members)).toString('base64url')

const read = (text = ''): Readonly<Record<string, unknown>> => {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as Readonly<Record<string, unknown>>
  } catch {
    return {}
  }
}

const split = (token: string): readonly [header: string, payload: string, signature: string] => {
  const [header = '', payload = '', signature = ''] = token.split('.')
  return [header, payload, signature]
}

/** Another character at a place whose bits all count. */
const flip = (text: string): string => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`

// What is made of a valid token, or of none.
const forgeries: Readonly<Record<string, (token: string) => string>> = {
  'a token that is none': () => 'abc',
  'a token of three words': () => 'not.a.token',
  'a token without its signature': (token) => split(token).slice(0, 2).join('.'),
  'a token with an empty signature': (token) => `${split(token).slice(0, 2).join('.')}.`,
  'a token with another signature': (token) => {
    const [header, payload, signature] = split(token)
    return `${header}.${payload}.${flip(signature)}`
  },
  'a token of someone else by the same signature': (token) => {
    const [header, payload, signature] = split(token)
    return `${header}.${part({ ...read(payload), sub: 'someone-else' })}.${signature}`
  },
  'a token that says it lives longer': (token) => {
    const [header, payload, signature] = split(token)
    return `${header}.${part({ ...read(payload), exp: 4_102_444_800 })}.${signature}`
  },
  'a token of the algorithm none': (token) => `${part({ alg: 'none', typ: 'at+jwt' })}.${split(token)[1]}.`,
  'a token that says None of its algorithm': (token) => {
    const [header, payload] = split(token)
    return `${part({ ...read(header), alg: 'None' })}.${payload}.`
  },
  'a token with a word more': (token) => `${token}.more`,
}
