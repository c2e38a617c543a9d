import createFetchClient from 'openapi-fetch'
import type { paths } from '../contract/generated.ts'
import type { Input, OperationId, Reply } from '../contract/types.ts'
import { findFailure, networkFailure, undeclaredAnswer } from './answers.ts'
import { resolveBaseUrl } from './base-url.ts'
import { SesameError } from './error.ts'

export interface ClientOptions {
  /** Where the service is, by http or https; a browser takes a relative one, too. Slashes at its end and spaces around
   * it do not matter. */
  readonly baseUrl: string
  /** Sends the requests instead of the global `fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>
}

type Result<Id extends OperationId> = Extract<Reply<Id>, { status: 200 }>['body']

type Call<Id extends OperationId> = [Input<Id>['body']] extends [never]
  ? () => Promise<Result<Id>>
  : (body: Input<Id>['body']) => Promise<Result<Id>>

/** The operations of the contract by their ids, but for `issueToken`, which `login` calls. */
type Operations = { readonly [Id in Exclude<OperationId, 'issueToken'>]: Call<Id> }

type TokenRequest = Input<'issueToken'>['body']

export type Login = Required<Pick<TokenRequest, 'username' | 'password'>> & Pick<TokenRequest, 'scope' | 'client_id'>

/** Every call resolves to the body of a success, and rejects with a SesameError. */
export interface SesameClient extends Operations {
  /** Gets an access token, and keeps it in memory, for the operations that ask for one. The token of an earlier
   * log-in stays until then. Of several at once, the one that was called last and succeeds stays. */
  readonly login: (login: Login) => Promise<Result<'issueToken'>>
  /** Whether there is a token that, by the clock of this machine, is still valid. One that the service has refused is
   * forgotten. */
  readonly isLoggedIn: () => boolean
  /** Forgets the token, and those of the log-ins under way; they stay valid for whoever has them. */
  readonly forgetToken: () => void
}

/** A client of one service, for one user.
 * @throws TypeError when the base URL is none, or has a user, a query or a fragment */
export const createClient = ({ baseUrl, fetch }: ClientOptions): SesameClient => {
  const api = createApi(resolveBaseUrl(baseUrl), fetch)
  let token: Token | undefined
  let calls = 0
  /** The call, of a log-in or to forget, that made the token what it is. */
  let decidedBy = 0

  /** Sends a request with the token, if there is one: without, the service says what is missing. */
  const asCaller = async <T>(send: (init: Init) => Promise<Answer<T>>): Promise<T> => {
    const sent = token
    try {
      return await bodyOf(send(sent ? { headers: { Authorization: `Bearer ${sent.value}` } } : {}))
    } catch (error) {
      // A log-in may have brought another one since.
      if (token === sent && error instanceof SesameError && error.code === 'invalid-token') token = undefined
      throw error
    }
  }

  return {
    login: async (login) => {
      const call = (calls += 1)
      const { data, response } = await api.POST('/token', { body: { ...login, grant_type: 'password' }, ...form })
      if (!isTokenResponse(data)) throw undeclaredAnswer(response)
      // Answers may overtake each other.
      if (call > decidedBy) {
        decidedBy = call
        token = { value: data.access_token, expiresAtMilliseconds: Date.now() + data.expires_in * 1000 }
      }
      return data
    },
    isLoggedIn: () => token !== undefined && Date.now() < token.expiresAtMilliseconds,
    forgetToken: () => {
      decidedBy = calls += 1
      token = undefined
    },
    signup: (body) => bodyOf(api.POST('/signup', { body })),
    logout: async () => {
      const ended = token
      const answer = await asCaller((init) => api.POST('/logout', init))
      // A log-in may have brought another one since.
      if (token === ended) token = undefined
      return answer
    },
    revokeToken: (body) => bodyOf(api.POST('/revoke', { body, ...form })),
    readProtected: () => asCaller((init) => api.GET('/protected', init)),
    readLiveness: () => bodyOf(api.GET('/health/live')),
    readReadiness: () => bodyOf(api.GET('/health/ready')),
  }
}

interface Token {
  readonly value: string
  readonly expiresAtMilliseconds: number
}

// An interface would not do: it has no index signature.
type Init = { readonly headers?: Readonly<Record<string, string>> }

interface Answer<T> {
  readonly data?: T
}

/** A fetch that returns successes in the contract's form only. */
const createApi = (baseUrl: string, fetch: ClientOptions['fetch']) => {
  // The contract has no redirects; one that was followed could carry a password elsewhere.
  const api = createFetchClient<paths>({ baseUrl, redirect: 'manual', ...(fetch && { fetch }) })
  api.use({
    onResponse: async ({ request, response }) => {
      const failure = await findFailure(request, response)
      if (failure) throw failure
    },
    onError: ({ request, error }) => networkFailure(request, error),
  })
  return api
}

/** Whatever is no success has been thrown by then. */
const bodyOf = async <T>(answer: Promise<Answer<T>>): Promise<T> => (await answer).data as T

/** Whether a token came that can be sent, as the contract has it: any JSON object gets here, be it of another service. */
const isTokenResponse = (data: Result<'issueToken'> | undefined): data is Result<'issueToken'> =>
  typeof data?.access_token === 'string' &&
  /^[\w-]+\.[\w-]+\.[\w-]+$/.test(data.access_token) &&
  Number.isInteger(data.expires_in) &&
  data.expires_in > 0

const form = {
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  // A form would spell out what is undefined.
  bodySerializer: (body: Readonly<Record<string, string | undefined>>) =>
    new URLSearchParams(Object.entries(body).filter((entry): entry is [string, string] => entry[1] !== undefined)),
}
