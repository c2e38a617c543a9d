import type { Input, OperationId, Reply } from '../contract/types.ts'
import { undeclaredAnswer } from './answers.ts'
import { createApi, form, withoutUndefined } from './api.ts'
import { resolveBaseUrl } from './base-url.ts'
import type { SendRequest } from './send-request.ts'
import { createSession, type Session, type Tokens } from './session.ts'

export interface ClientOptions {
  /** Where the service is, by http or https; a browser takes a relative one, too. Slashes at its end and spaces around
   * it do not matter. */
  readonly baseUrl: string
  /** Sends the requests instead of the global `fetch`. */
  readonly fetch?: SendRequest
}

type Result<Id extends OperationId> = Extract<Reply<Id>, { status: 200 }>['body']

/** A call takes the body of its operation, or else the parameters of the path, or of the query. */
type Call<Id extends OperationId> = (...input: CallInput<Input<Id>>) => Promise<Result<Id>>

type CallInput<Given extends Pick<Input<OperationId>, 'body' | 'params' | 'query'>> = [Given['body']] extends [never]
  ? [Given['params']] extends [never]
    ? [Given['query']] extends [never]
      ? []
      : [query?: MaybeUndefined<Given['query']>]
    : [params: Given['params']]
  : [body: Given['body']]

/** A `next_cursor` can be passed on as it is: what is undefined is left out. */
type MaybeUndefined<Query> = { readonly [Name in keyof Query]?: Query[Name] | undefined }

/** The operations of the contract by their ids, but for `issueToken`, which `login` calls. */
type Operations = { readonly [Id in Exclude<OperationId, 'issueToken'>]: Call<Id> }

type TokenRequest = Input<'issueToken'>['body']

export type Login = Required<Pick<TokenRequest, 'username' | 'password'>> & Pick<TokenRequest, 'scope' | 'client_id'>

/** Every call resolves to the body of a success, and rejects with a SesameError. One whose access token the service
 * refuses as invalid, as when it has expired, is repeated once with a new one, of the same log-in; where the service
 * refuses to give one, it rejects with `invalid-token`, and the log-in is over. Any other error leaves it as it is. */
export interface SesameClient extends Operations {
  /** Gets the tokens of a session, and keeps them in memory, for the operations that ask for one. Those of an earlier
   * log-in stay until then. Of several at once, the one that was called last and succeeds stays. */
  readonly login: (login: Login) => Promise<Result<'issueToken'>>
  /** Whether there is a refresh token, or what comes to the same, since the service gives both: a log-in that has not
   * been logged out of, forgotten, or found to be over. It may have been ended elsewhere or by `endSession`, or have
   * expired, since the service was last asked; no clock of this machine decides. */
  readonly isLoggedIn: () => boolean
  /** Forgets the tokens, and those of the log-ins and refreshes under way; they stay valid for whoever has them. */
  readonly forgetToken: () => void
  /** Ends the session, and forgets its tokens. */
  readonly logout: Call<'logout'>
  /** Replaces the password, and ends all other sessions. The log-in goes on, and a wrong password does not end it: the
   * code is `incorrect-password`. */
  readonly changePassword: Call<'changePassword'>
  /** Deletes the account, and forgets the tokens. Where the code is `insufficient-user-authentication`, the log-in is too
   * long ago, which no refresh changes: log in again, and repeat the call. */
  readonly deleteAccount: Call<'deleteAccount'>
  /** Lists some of the sessions, the latest log-in first. Its `next_cursor` is the `cursor` of the call for those that
   * follow, and undefined where there are none. */
  readonly listSessions: Call<'listSessions'>
  /** Ends a session. Where it is the one of this client, the next call finds the log-in to be over. */
  readonly endSession: Call<'endSession'>
}

/** A client of one service, for one user.
 * @throws TypeError when the base URL is none, or has a user, a query or a fragment */
export const createClient = ({ baseUrl, fetch }: ClientOptions): SesameClient => {
  const api = createApi(resolveBaseUrl(baseUrl), fetch)

  const requestTokens = async (body: TokenRequest): Promise<Result<'issueToken'>> => {
    const { data, response } = await api.POST('/token', { body, ...form })
    if (!isTokenResponse(data)) throw undeclaredAnswer(response)
    return data
  }
  const openSession = (tokens?: Tokens): Session =>
    createSession(tokens, (token) => requestTokens({ grant_type: 'refresh_token', refresh_token: token }))

  let session = openSession()
  let calls = 0
  /** The call, of a log-in or to forget, that made the session what it is. */
  let decidedBy = 0

  /** Sends a request with the token, if there is one: without, the service says what is missing. */
  const asCaller = <T>(send: (init: Init) => Promise<Answer<T>>): Promise<T> =>
    session.send((token) => bodyOf(send(token ? { headers: { Authorization: `Bearer ${token}` } } : {})))

  /** The same for what ends the session. */
  const andForget = async <T>(send: (init: Init) => Promise<Answer<T>>): Promise<T> => {
    // A log-in may bring another one meanwhile.
    const { forget } = session
    const answer = await asCaller(send)
    forget()
    return answer
  }

  return {
    login: async (login) => {
      const call = (calls += 1)
      const answer = await requestTokens({ ...login, grant_type: 'password' })
      // Answers may overtake each other.
      if (call > decidedBy) {
        decidedBy = call
        session = openSession(answer)
      }
      return answer
    },
    isLoggedIn: () => session.isOpen(),
    forgetToken: () => {
      decidedBy = calls += 1
      session.forget()
    },
    signup: (body) => bodyOf(api.POST('/signup', { body })),
    logout: () => andForget((init) => api.POST('/logout', init)),
    revokeToken: (body) => bodyOf(api.POST('/revoke', { body, ...form })),
    readAccount: () => asCaller((init) => api.GET('/account', init)),
    changePassword: (body) => asCaller((init) => api.PUT('/account/password', { ...init, body })),
    deleteAccount: () => andForget((init) => api.DELETE('/account', init)),
    listSessions: (query = {}) =>
      asCaller((init) => api.GET('/sessions', { ...init, params: { query: withoutUndefined(query) } })),
    endSession: (path) => asCaller((init) => api.DELETE('/sessions/{session_id}', { ...init, params: { path } })),
    endOtherSessions: () => asCaller((init) => api.DELETE('/sessions', init)),
    readProtected: () => asCaller((init) => api.GET('/protected', init)),
    readLiveness: () => bodyOf(api.GET('/health/live')),
    readReadiness: () => bodyOf(api.GET('/health/ready')),
  }
}

// An interface would not do: it has no index signature.
type Init = { readonly headers?: Readonly<Record<string, string>> }

interface Answer<T> {
  readonly data?: T
}

/** Whatever is no success has been thrown by then. */
const bodyOf = async <T>(answer: Promise<Answer<T>>): Promise<T> => (await answer).data as T

/** Whether tokens came that can be sent, as the contract has it: any JSON object gets here, be it of another service. */
const isTokenResponse = (data: Result<'issueToken'> | undefined): data is Result<'issueToken'> =>
  data !== undefined &&
  isText(data.access_token, /^[\w-]+\.[\w-]+\.[\w-]+$/) &&
  isText(data.refresh_token, /^[\w-]+$/) &&
  Number.isInteger(data.expires_in) &&
  data.expires_in > 0

const isText = (value: unknown, pattern: RegExp): boolean => typeof value === 'string' && pattern.test(value)
