import { type ContractDocument, type Located, operationsOf, resolve } from '../contract/document.ts'
import type { Exchange, Received } from './exchange.ts'
import { encode, json, randomText, requestOf, urlencoded } from './requests.ts'
import { type Schema, wholeSchema } from './values.ts'

export interface Account {
  readonly username: string
  readonly password: string
}

/** The accounts and the token of one run. */
export interface Session {
  /** How all its names begin. */
  readonly prefix: string
  readonly signUp: Located
  readonly logIn: Located
  /** The lengths of the longest name and password that sign-up takes, in characters. */
  readonly longest: { readonly name: number; readonly password: number }
  /** An account that is not signed up, whose name is `length` characters long. */
  readonly newAccount: (length?: number, alphabet?: string) => Account
  /** The account of this run; signs it up when it is first asked for. */
  readonly account: () => Promise<Account>
  /** An access token of that account that is good for a while; of a session of its own where the operation may change
   * something, since that may be the session itself. */
  readonly token: (located?: Located) => Promise<string>
  /** A refresh token that nobody has used. */
  readonly refreshToken: () => Promise<string>
  /** Whether that account was signed up. */
  readonly hasAccount: () => boolean
  /** For how many seconds its tokens are valid; undefined before there was one. */
  readonly lifetimeSeconds: () => number | undefined
}

interface Token {
  readonly value: string
  readonly refreshToken: string
  readonly lifetimeSeconds: number
  /** Milliseconds since 1970. */
  readonly renewAt: number
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'
const usualNameLength = 24
const maxAttempts = 3

/** @throws Error of any of its verbs, when the server does not sign up or log in */
export const openSession = (document: ContractDocument, { send }: Exchange, host: string): Session => {
  const prefix = `verify-${randomText(letters, 6)}-`
  const { signUp, logIn } = operationsForAccounts(document)
  const longest = longestCredentials(document, signUp)
  let account: Promise<Account> | undefined
  let attempts = 0
  let hasAccount = false
  let token: Token | undefined

  const newAccount: Session['newAccount'] = (length = usualNameLength, alphabet = letters) => ({
    username: `${prefix}${randomText(alphabet, length - prefix.length)}`,
    // As long as can be, since a deployment may ask for any length.
    password: randomText(letters, longest.password),
  })

  const register = async (): Promise<Account> => {
    const candidate = newAccount()
    const answer = await send(requestOf(host, signUp.method, signUp.path, { body: encode(json, candidate) }))
    if (answer.status >= 300) throw new Error(`an account is needed for this, but sign-up has failed: ${told(answer)}`)
    hasAccount = true
    return candidate
  }

  const accountOfThisRun = (): Promise<Account> =>
    (account ??= register().catch((error: unknown) => {
      attempts += 1
      if (attempts < maxAttempts) account = undefined
      throw error
    }))

  const obtainToken = async (): Promise<Token> => {
    const start = Date.now()
    const body = encode(urlencoded, await accountOfThisRun())
    const answer = await send(requestOf(host, logIn.method, logIn.path, { body }))
    const { access_token: value, refresh_token: refreshToken, expires_in: lifetimeSeconds } = membersOf(answer)
    if (answer.status !== 200 || typeof value !== 'string') {
      throw new Error(`a token is needed for this, but log-in has failed: ${told(answer)}`)
    }
    // A server that does not say for how long is asked anew each time.
    const seconds = typeof lifetimeSeconds === 'number' ? lifetimeSeconds : 0
    return { value, refreshToken: String(refreshToken), lifetimeSeconds: seconds, renewAt: start + seconds * 500 }
  }

  return {
    prefix,
    signUp,
    logIn,
    newAccount,
    longest,
    account: accountOfThisRun,
    token: async (located) => {
      if (located && located.method !== 'get') return (await obtainToken()).value
      if (token === undefined || Date.now() >= token.renewAt) token = await obtainToken()
      return token.value
    },
    refreshToken: async () => (await obtainToken()).refreshToken,
    hasAccount: () => hasAccount,
    lifetimeSeconds: () => token?.lifetimeSeconds,
  }
}

const told = ({ status, body }: Received): string => `${status} ${body.slice(0, 200)}`

/** The members of an answer that is a JSON object; none of any other. */
export const membersOf = ({ body }: Received): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
  } catch {
    return {}
  }
}

/** The operation `signup`, and the one at the token URL of the password flow. */
const operationsForAccounts = (document: ContractDocument): Pick<Session, 'signUp' | 'logIn'> => {
  const operations = operationsOf(document)
  const tokenUrls = Object.values(document.components.securitySchemes).flatMap(
    (scheme) => resolve(document, scheme).flows?.password?.tokenUrl ?? [],
  )
  const signUp = operations.find(({ operation }) => operation.operationId === 'signup')
  const logIn = operations.find(({ path, method }) => method === 'post' && tokenUrls.some((url) => url.endsWith(path)))
  if (!signUp || !logIn) throw new Error('The contract has no operation signup, or none at the token URL')
  return { signUp, logIn }
}

const longestCredentials = (document: ContractDocument, { operation }: Located): Session['longest'] => {
  const media = operation.requestBody?.content[json] as { readonly schema: Schema } | undefined
  const properties = wholeSchema(document, media?.schema ?? {}).properties ?? {}
  const length = (name: string): number => wholeSchema(document, properties[name] ?? {}).maxLength ?? 64
  return { name: length('username'), password: length('password') }
}
