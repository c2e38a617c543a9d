import type { ContractDocument } from '../../contract/document.ts'
import type { Operation } from '../../contract/operations.ts'
import { wholeSchema } from '../../contract/schema.ts'
import type { Account, CreatedAccounts } from './created-accounts.ts'
import type { Received, Send } from './exchange.ts'
import { once } from './once.ts'
import { encode, failureOf, json, type Members, membersOf, randomText, requestOf, urlencoded } from './requests.ts'
import type { Roles } from './roles.ts'

/** What a log-in returned. */
export interface Tokens {
  readonly account: Account
  readonly accessToken: string
  readonly refreshToken: string
  readonly lifetimeSeconds: number
}

/** The accounts of one run and their tokens. */
export interface Accounts {
  /** How all usernames begin. */
  readonly prefix: string
  /** The lengths of the longest name and password that sign-up accepts, in characters. */
  readonly longest: { readonly name: number; readonly password: number }
  /** An account that is not signed up, whose name is `length` characters long. */
  readonly newAccount: (length?: number, alphabet?: string) => Account
  /** The account of the checks of log-in. It is signed up when it is first needed. */
  readonly account: () => Promise<Account>
  /** The account that only reads. The many sessions of the other account must not push its session out. */
  readonly reader: () => Promise<Account>
  /** Another account, signed up. */
  readonly freshAccount: () => Promise<Account>
  /** Logs in.
   * @param scope undefined requests no scope */
  readonly open: (account: Account, scope?: string) => Promise<Tokens>
  /** Tokens that are valid for a while. If the operation may change something, which may be the session or the account,
   * the tokens belong to a spare account and to a session that nothing has changed yet. */
  readonly tokensFor: (operation: Operation) => Promise<Tokens>
  /** A refresh token that has not been used. */
  readonly refreshToken: () => Promise<string>
}

interface Opened {
  readonly tokens: Tokens
  /** Milliseconds since 1970. */
  readonly renewAt: number
  /** The number of changes before the log-in. */
  readonly changes: number
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'
const usualNameLength = 24
// Of an account that many checks need.
const maxSignUps = 3

/** Each verb throws an Error when the server does not sign up or log in. */
export const createAccounts = (
  document: ContractDocument,
  { signUp, logIn }: Roles,
  send: Send,
  { changes }: Pick<CreatedAccounts, 'changes'>,
): Accounts => {
  const prefix = `verify-${randomText(letters, 6)}-`
  const longest = longestCredentials(document, signUp)

  const newAccount: Accounts['newAccount'] = (length = usualNameLength, alphabet = letters) => ({
    username: `${prefix}${randomText(alphabet, length - prefix.length)}`,
    // A deployment may demand any length, so the password is as long as possible.
    password: randomText(letters, longest.password),
  })

  const freshAccount = async (): Promise<Account> => {
    const candidate = newAccount()
    const response = await send(requestOf(signUp.method, signUp.path, { body: encode(json, candidate) }))
    if (response.status >= 300) throw failureOf('an account is needed for this, but sign-up has failed', response)
    return candidate
  }

  const account = once(freshAccount, maxSignUps)
  const reader = once(freshAccount, maxSignUps)

  const sendLogIn = (fields: object): Promise<Received> =>
    send(requestOf(logIn.method, logIn.path, { body: encode(urlencoded, fields) }))

  const tokensIn = (response: Received, holder: Account): Tokens => {
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = membersOf(response)
    if (response.status !== 200 || typeof accessToken !== 'string') {
      throw failureOf('a token is needed for this, but log-in has failed', response)
    }
    // If the server does not state a lifetime, each use logs in again.
    const lifetimeSeconds = typeof seconds === 'number' ? seconds : 0
    return { account: holder, accessToken, refreshToken: String(refreshToken), lifetimeSeconds }
  }

  const open: Accounts['open'] = async (holder, scope) => tokensIn(await sendLogIn({ ...holder, scope }), holder)

  /** Undefined when the account no longer exists. */
  const openAgain = async (holder: Account): Promise<Tokens | undefined> => {
    const response = await sendLogIn(holder)
    return response.status >= 400 && response.status < 500 ? undefined : tokensIn(response, holder)
  }

  /** Keeps tokens until half of their lifetime has passed. */
  const kept = (renew: (last: Tokens | undefined) => Promise<Tokens>, isStale: (changesThen: number) => boolean) => {
    let last: Opened | undefined
    return async (): Promise<Tokens> => {
      const start = Date.now()
      if (last === undefined || start >= last.renewAt || isStale(last.changes)) {
        const tokens = await renew(last?.tokens)
        last = { tokens, renewAt: start + tokens.lifetimeSeconds * 500, changes: changes() }
      }
      return last.tokens
    }
  }

  const openCurrent = kept(
    async () => open(await reader()),
    () => false,
  )
  const openSpare = kept(
    async (last) => (last && (await openAgain(last.account))) ?? open(await freshAccount()),
    (changesThen) => changesThen !== changes(),
  )

  return {
    prefix,
    longest,
    newAccount,
    account,
    reader,
    freshAccount,
    open,
    tokensFor: async ({ method, maxAuthenticationAgeSeconds }) => {
      if (method !== 'get') return openSpare()
      return maxAuthenticationAgeSeconds === undefined ? openCurrent() : open(await reader())
    },
    refreshToken: async () => (await open(await account())).refreshToken,
  }
}

/** The body of a refresh. */
export const refreshOf = (refreshToken: string, scope?: string): Members => ({
  grant_type: 'refresh_token',
  refresh_token: refreshToken,
  scope,
})

const longestCredentials = (document: ContractDocument, { body }: Operation): Accounts['longest'] => {
  const { properties = {} } = body?.schema ?? {}
  const length = (name: string): number => wholeSchema(document, properties[name] ?? {}).maxLength ?? 64
  return { name: length('username'), password: length('password') }
}
