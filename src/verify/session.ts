import type { ContractDocument } from '../contract/document.ts'
import type { Operation } from '../contract/operations.ts'
import type { Received, Send } from './exchange.ts'
import type { Account, Ledger } from './ledger.ts'
import { attempted } from './memoized.ts'
import { encode, json, membersOf, randomText, requestOf, urlencoded } from './requests.ts'
import { longestCredentials, type Roles, rolesOf } from './roles.ts'

/** What a log-in gave. */
export interface Tokens {
  readonly account: Account
  readonly accessToken: string
  readonly refreshToken: string
  readonly lifetimeSeconds: number
}

/** The accounts and the tokens of one run. */
export interface Session extends Roles {
  /** How all its names begin. */
  readonly prefix: string
  /** The lengths of the longest name and password that sign-up takes, in characters. */
  readonly longest: { readonly name: number; readonly password: number }
  /** An account that is not signed up, whose name is `length` characters long. */
  readonly newAccount: (length?: number, alphabet?: string) => Account
  /** The account that log-ins are tried with; signs it up when it is first asked for. */
  readonly account: () => Promise<Account>
  /** The account that does no more than read. The many sessions of the other one must not push its session out. */
  readonly reader: () => Promise<Account>
  /** Another account, signed up. */
  readonly freshAccount: () => Promise<Account>
  /** Logs in.
   * @param scope that is asked for; undefined asks for none */
  readonly open: (account: Account, scope?: string) => Promise<Tokens>
  /** Tokens with which an operation can be tried, and which are good for a while. Where the operation may change
   * something, which may be the session or the account itself, they are of an account that is to spare, and of a session
   * to which nothing has happened yet. */
  readonly tokensFor: (operation: Operation) => Promise<Tokens>
  /** A refresh token that nobody has used. */
  readonly refreshToken: () => Promise<string>
}

interface Kept {
  readonly tokens: Tokens
  /** Milliseconds since 1970. */
  readonly renewAt: number
  /** How many there had been. */
  readonly changes: number
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'
const usualNameLength = 24

/** @throws Error of any of its verbs, when the server does not sign up or log in */
export const openSession = (
  document: ContractDocument,
  send: Send,
  host: string,
  { changes }: Pick<Ledger, 'changes'>,
): Session => {
  const prefix = `verify-${randomText(letters, 6)}-`
  const roles = rolesOf(document)
  const { signUp, logIn } = roles
  const longest = longestCredentials(document, signUp)
  let current: Kept | undefined
  let spare: Kept | undefined

  const newAccount: Session['newAccount'] = (length = usualNameLength, alphabet = letters) => ({
    username: `${prefix}${randomText(alphabet, length - prefix.length)}`,
    // As long as can be, since a deployment may ask for any length.
    password: randomText(letters, longest.password),
  })

  const freshAccount = async (): Promise<Account> => {
    const candidate = newAccount()
    const answer = await send(requestOf(host, signUp.method, signUp.path, { body: encode(json, candidate) }))
    if (answer.status >= 300) throw failureOf('an account is needed for this, but sign-up has failed', answer)
    return candidate
  }

  const account = attempted(freshAccount)
  const reader = attempted(freshAccount)

  const sendLogIn = (holder: Account, scope?: string): Promise<Received> =>
    send(
      requestOf(host, logIn.method, logIn.path, {
        body: encode(urlencoded, { ...holder, ...(scope === undefined ? {} : { scope }) }),
      }),
    )

  const tokensIn = (answer: Received, holder: Account): Tokens => {
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = membersOf(answer)
    if (answer.status !== 200 || typeof accessToken !== 'string') {
      throw failureOf('a token is needed for this, but log-in has failed', answer)
    }
    // A server that does not say for how long is asked anew each time.
    const lifetimeSeconds = typeof seconds === 'number' ? seconds : 0
    return { account: holder, accessToken, refreshToken: String(refreshToken), lifetimeSeconds }
  }

  const open: Session['open'] = async (holder, scope) => tokensIn(await sendLogIn(holder, scope), holder)

  const keep = async (open: () => Promise<Tokens>): Promise<Kept> => {
    const start = Date.now()
    const tokens = await open()
    return { tokens, renewAt: start + tokens.lifetimeSeconds * 500, changes: changes() }
  }

  const openCurrent = async (): Promise<Tokens> => {
    if (current === undefined || Date.now() >= current.renewAt) {
      current = await keep(async () => open(await reader()))
    }
    return current.tokens
  }

  const openSpare = async (): Promise<Tokens> => {
    if (spare === undefined || Date.now() >= spare.renewAt || spare.changes !== changes()) {
      const { account: holder } = spare?.tokens ?? {}
      spare = await keep(async () => (holder && (await openAgain(holder))) ?? open(await freshAccount()))
    }
    return spare.tokens
  }

  /** Undefined where the account is gone. */
  const openAgain = async (holder: Account): Promise<Tokens | undefined> => {
    const answer = await sendLogIn(holder)
    return answer.status >= 400 && answer.status < 500 ? undefined : tokensIn(answer, holder)
  }

  return {
    ...roles,
    prefix,
    newAccount,
    longest,
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

/** The error of what needs another answer than this one. Its `cause` is the same in fewer words. */
export const failureOf = (what: string, { status, body }: Received): Error =>
  new Error(`${what}: ${status} ${body.slice(0, 200)}`, { cause: `${what}: ${status}` })
