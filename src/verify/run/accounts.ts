import type { ContractDocument } from '../../contract/document.ts'
import type { Operation } from '../../contract/operations.ts'
import { wholeSchema } from '../../contract/schema.ts'
import type { Account, CreatedAccounts } from './created-accounts.ts'
import type { Received, Send } from './exchange.ts'
import { once } from './once.ts'
import { encode, failureOf, json, type Members, membersOf, randomText, requestOf, urlencoded } from './requests.ts'
import type { Roles } from './roles.ts'

/** The tokens of a log-in. */
export interface Tokens {
  readonly account: Account
  readonly accessToken: string
  readonly refreshToken: string
  readonly lifetimeSeconds: number
}

/** The accounts of one run and their tokens. */
export interface Accounts {
  /** The prefix of all usernames. */
  readonly prefix: string
  /** The lengths of the longest name and password that sign-up accepts, in characters. */
  readonly longest: { readonly name: number; readonly password: number }
  /** Makes up an account with a name of `length` characters, without signing it up. */
  readonly newAccount: (length?: number, alphabet?: string) => Account
  /** The account that the log-in checks share. It is signed up at the first call. */
  readonly account: () => Promise<Account>
  /** The account for operations that only read. It has few sessions, so the session limit never ends one of them. */
  readonly reader: () => Promise<Account>
  /** Signs up a new account. */
  readonly freshAccount: () => Promise<Account>
  /** Logs in.
   * @param scope undefined to request no scope */
  readonly open: (account: Account, scope?: string) => Promise<Tokens>
  /** Tokens that are valid for some time. An operation that may change its session or account gets tokens of a spare
   * account, and of a session that nothing has changed yet. */
  readonly tokensFor: (operation: Operation) => Promise<Tokens>
  /** A refresh token that has not been used. */
  readonly refreshToken: () => Promise<string>
}

interface Opened {
  readonly tokens: Tokens
  /** Milliseconds since 1970. */
  readonly renewAt: number
  /** The number of changes at the time of the log-in. */
  readonly changes: number
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'
const usualNameLength = 24
// Attempts to sign up an account that many checks need.
const maxSignUps = 3

/** The functions throw an Error if a sign-up or a log-in fails. */
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
    // A deployment may require any minimum length, so the password has the maximum length.
    password: randomText(letters, longest.password),
  })

  const freshAccount = async (): Promise<Account> => {
    const candidate = newAccount()
    const response = await send(requestOf(signUp.method, signUp.path, { body: encode(json, candidate) }))
    if (response.status >= 300) throw failureOf('a required sign-up failed', response)
    return candidate
  }

  const account = once(freshAccount, maxSignUps)
  const reader = once(freshAccount, maxSignUps)

  const sendLogIn = (fields: object): Promise<Received> =>
    send(requestOf(logIn.method, logIn.path, { body: encode(urlencoded, fields) }))

  const tokensIn = (response: Received, holder: Account): Tokens => {
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = membersOf(response)
    if (response.status !== 200 || typeof accessToken !== 'string') {
      throw failureOf('a required log-in failed', response)
    }
    // Without a lifetime, each use logs in again.
    const lifetimeSeconds = typeof seconds === 'number' ? seconds : 0
    return { account: holder, accessToken, refreshToken: String(refreshToken), lifetimeSeconds }
  }

  const open: Accounts['open'] = async (holder, scope) => tokensIn(await sendLogIn({ ...holder, scope }), holder)

  /** Logs in again. Undefined if the account no longer exists. */
  const openAgain = async (holder: Account): Promise<Tokens | undefined> => {
    const response = await sendLogIn(holder)
    return response.status >= 400 && response.status < 500 ? undefined : tokensIn(response, holder)
  }

  /** Reuses tokens until half of their lifetime has passed, or until they are stale. */
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

/** The request body of a refresh. */
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
