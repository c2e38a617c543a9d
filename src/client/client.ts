import type { Input, OperationId, Reply } from '../contract/types.ts'
import { createApi, form, withoutUndefined } from './api.ts'
import { resolveBaseUrl } from './base-url.ts'
import { undeclaredResponse } from './responses.ts'
import type { SendRequest } from './send-request.ts'
import { createTokenManager, type TokenManager, type Tokens } from './token-manager.ts'

export interface ClientOptions {
  /** The URL of the service, with http or https. In a browser it may be relative. Trailing slashes and surrounding
   * spaces are ignored. */
  readonly baseUrl: string
  /** Sends the requests instead of the global `fetch`. */
  readonly fetch?: SendRequest
}

type Result<Id extends OperationId> = Extract<Reply<Id>, { status: 200 }>['body']

/** A call takes the request body of its operation. An operation without one takes its path or its query parameters. */
type Call<Id extends OperationId> = (...input: CallInput<Input<Id>>) => Promise<Result<Id>>

type CallInput<Given extends Pick<Input<OperationId>, 'body' | 'params' | 'query'>> = [Given['body']] extends [never]
  ? [Given['params']] extends [never]
    ? [Given['query']] extends [never]
      ? []
      : [query?: MaybeUndefined<Given['query']>]
    : [params: Given['params']]
  : [body: Given['body']]

/** Undefined parameters are not sent, so a caller can pass on any `next_cursor`. */
type MaybeUndefined<Query> = { readonly [Name in keyof Query]?: Query[Name] | undefined }

/** The operations of the contract by their ids, except `issueToken`, which `login` calls. */
type Operations = { readonly [Id in Exclude<OperationId, 'issueToken'>]: Call<Id> }

type TokenRequest = Input<'issueToken'>['body']

export type Login = Required<Pick<TokenRequest, 'username' | 'password'>> & Pick<TokenRequest, 'scope' | 'client_id'>

/** Every call resolves to the body of a successful response, or rejects with a SesameError. If the service refuses the
 * access token as invalid or expired, the client refreshes it and repeats the call once. If the service refuses the
 * refresh, the call rejects with `invalid-token`, and the log-in is over. Other errors do not end the log-in. */
export interface SesameClient extends Operations {
  /** Opens a session, and keeps its tokens in memory. They replace the tokens of an earlier log-in. If several log-ins
   * run at once, the client keeps the tokens of the last call that succeeds. */
  readonly login: (login: Login) => Promise<Result<'issueToken'>>
  /** Whether the client has tokens. It sends no request and reads no clock, so the session may have expired or ended
   * elsewhere since the last call. */
  readonly isLoggedIn: () => boolean
  /** Drops the tokens, also those of pending log-ins and refreshes. The service does not revoke them. */
  readonly forgetToken: () => void
  /** Ends the session, and drops its tokens. */
  readonly logout: Call<'logout'>
  /** Replaces the password, and ends all other sessions. If the current password is wrong, the call rejects with
   * `incorrect-password`. The session of this client continues in both cases. */
  readonly changePassword: Call<'changePassword'>
  /** Deletes the account, and drops the tokens. The code `insufficient-user-authentication` means that the log-in is
   * too old. A refresh does not change that: log in again, and repeat the call. */
  readonly deleteAccount: Call<'deleteAccount'>
  /** Lists one page of the sessions, the latest log-in first. Pass its `next_cursor` as `cursor` to get the next page.
   * The last page has none. */
  readonly listSessions: Call<'listSessions'>
  /** Ends a session. If it is the client's own session, the client notices that at the next call. */
  readonly endSession: Call<'endSession'>
}

/** Creates a client of one service, for one user.
 * @throws TypeError if `baseUrl` is not a URL, or has a user, a query or a fragment */
export const createClient = ({ baseUrl, fetch }: ClientOptions): SesameClient => {
  const api = createApi(resolveBaseUrl(baseUrl), fetch)

  const requestTokens = async (body: TokenRequest): Promise<Result<'issueToken'>> => {
    const { data, response } = await api.POST('/token', { body, ...form })
    if (!isTokenResponse(data)) throw undeclaredResponse(response)
    return data
  }
  const manageTokens = (tokens?: Tokens): TokenManager =>
    createTokenManager(tokens, (token) => requestTokens({ grant_type: 'refresh_token', refresh_token: token }))

  let tokenManager = manageTokens()
  /** Counts the calls of `login` and `forgetToken`. */
  let calls = 0
  /** The number of the call that set `tokenManager`. */
  let latestCall = 0

  /** Sends a request with the access token if there is one. Otherwise the service responds that it is missing. */
  const sendWithToken = <T>(send: (init: Init) => Promise<FetchResult<T>>): Promise<T> =>
    tokenManager.send((token) => bodyOf(send(token ? { headers: { Authorization: `Bearer ${token}` } } : {})))

  /** Also drops the tokens if the request succeeds, because it ends the session. */
  const sendAndForget = async <T>(send: (init: Init) => Promise<FetchResult<T>>): Promise<T> => {
    // A log-in may replace the token manager meanwhile.
    const { forget } = tokenManager
    const body = await sendWithToken(send)
    forget()
    return body
  }

  return {
    login: async (login) => {
      const call = (calls += 1)
      const tokens = await requestTokens({ ...login, grant_type: 'password' })
      // Responses may arrive in another order than the calls.
      if (call > latestCall) {
        latestCall = call
        tokenManager = manageTokens(tokens)
      }
      return tokens
    },
    isLoggedIn: () => tokenManager.hasTokens(),
    forgetToken: () => {
      latestCall = calls += 1
      tokenManager.forget()
    },
    signup: (body) => bodyOf(api.POST('/signup', { body })),
    logout: () => sendAndForget((init) => api.POST('/logout', init)),
    revokeToken: (body) => bodyOf(api.POST('/revoke', { body, ...form })),
    readAccount: () => sendWithToken((init) => api.GET('/account', init)),
    changePassword: (body) => sendWithToken((init) => api.PUT('/account/password', { ...init, body })),
    deleteAccount: () => sendAndForget((init) => api.DELETE('/account', init)),
    listSessions: (query = {}) =>
      sendWithToken((init) => api.GET('/sessions', { ...init, params: { query: withoutUndefined(query) } })),
    endSession: (path) => sendWithToken((init) => api.DELETE('/sessions/{session_id}', { ...init, params: { path } })),
    endOtherSessions: () => sendWithToken((init) => api.DELETE('/sessions', init)),
    readProtected: () => sendWithToken((init) => api.GET('/protected', init)),
    readLiveness: () => bodyOf(api.GET('/health/live')),
    readReadiness: () => bodyOf(api.GET('/health/ready')),
  }
}

// This is not an interface, because openapi-fetch requires an index signature.
type Init = { readonly headers?: Readonly<Record<string, string>> }

interface FetchResult<T> {
  readonly data?: T
}

/** The body of a successful response. The API throws for any other response. */
const bodyOf = async <T>(result: Promise<FetchResult<T>>): Promise<T> => (await result).data as T

/** Whether a response contains tokens in the contract's form. Another service may respond with any JSON object. */
const isTokenResponse = (data: Result<'issueToken'> | undefined): data is Result<'issueToken'> =>
  data !== undefined &&
  isText(data.access_token, /^[\w-]+\.[\w-]+\.[\w-]+$/) &&
  isText(data.refresh_token, /^[\w-]+$/) &&
  Number.isInteger(data.expires_in) &&
  data.expires_in > 0

const isText = (value: unknown, pattern: RegExp): boolean => typeof value === 'string' && pattern.test(value)
