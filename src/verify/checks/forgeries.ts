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

/** Changes the first character. All bits of that character are significant. */
const flip = (text: string): string => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`

/** Functions that make an invalid token of a valid one, by the titles of their checks. */
export const forgeries: Readonly<Record<string, (token: string) => string>> = {
  'a token that is not a JWT': () => 'abc',
  'a token of three words': () => 'not.a.token',
  'a token without its signature': (token) => split(token).slice(0, 2).join('.'),
  'a token with an empty signature': (token) => `${split(token).slice(0, 2).join('.')}.`,
  'a token with another signature': (token) => {
    const [header, payload, signature] = split(token)
    return `${header}.${payload}.${flip(signature)}`
  },
  'a token with another subject and the same signature': (token) => {
    const [header, payload, signature] = split(token)
    return `${header}.${part({ ...read(payload), sub: 'someone-else' })}.${signature}`
  },
  'a token with a later expiry and the same signature': (token) => {
    const [header, payload, signature] = split(token)
    return `${header}.${part({ ...read(payload), exp: 4_102_444_800 })}.${signature}`
  },
  'an unsigned token with the algorithm none': (token) => `${part({ alg: 'none', typ: 'at+jwt' })}.${split(token)[1]}.`,
  'an unsigned token with the algorithm None': (token) => {
    const [header, payload] = split(token)
    return `${part({ ...read(header), alg: 'None' })}.${payload}.`
  },
  'a token with a fourth part': (token) => `${token}.more`,
}
