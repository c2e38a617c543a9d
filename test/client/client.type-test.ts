// Compiled by `npm run check`, never run: each line below an `@ts-expect-error` has to be refused by the compiler.
import { createClient, type SesameClient, type SesameError, type SesameErrorCode } from '../../src/client/index.ts'
import type { ErrorCode, OAuthError } from '../../src/contract/types.ts'

const client = {} as SesameClient
const account = { username: 'licat', password: '1234' }

export const complete: SesameClient = { ...client }

// @ts-expect-error an operation of the contract is missing
export const incomplete: SesameClient = {} as Omit<SesameClient, 'readLiveness'>

export const message: Promise<{ message: string }> = client.signup(account)
export const live: Promise<{ status: 'live' }> = client.readLiveness()
export const token: Promise<{ access_token: string; expires_in: number }> = client.login(account)

// @ts-expect-error a member is missing
export const noPassword = client.signup({ username: 'licat' })

// @ts-expect-error a log-in needs a password, though the contract's form does not say so
export const noPasswordEither = client.login({ username: 'licat' })

// @ts-expect-error the operation takes no body
export const body = client.readProtected(account)

const sessionId = '0f8fad5b-d9cb-469f-a165-70867728950e'

export const readAt: Promise<{ username: string; created_at: string }> = client.readAccount()
export const changed: Promise<{ message: string }> = client.changePassword({
  current_password: '1234',
  new_password: '5678',
})
export const ended: Promise<{ message: string }> = client.endSession({ session_id: sessionId })

// @ts-expect-error the current password is missing
export const noCurrentPassword = client.changePassword({ new_password: '5678' })

// @ts-expect-error the parameter of the path is missing
export const whichSession = client.endSession()

// @ts-expect-error parameters come by their names
export const unnamed = client.endSession(sessionId)

// @ts-expect-error the operation takes no parameters
export const parameters = client.endOtherSessions({ session_id: sessionId })

// @ts-expect-error nor does this one
export const moreParameters = client.deleteAccount({ username: 'licat' })

export const sessionsOnAllPages = async () => {
  const found: { readonly session_id: string; readonly is_current: boolean }[] = []
  let cursor: string | undefined
  do {
    const page = await client.listSessions({ limit: 10, cursor })
    found.push(...page.sessions)
    cursor = page.next_cursor
  } while (cursor !== undefined)
  return found
}

export const firstPage: Promise<{ sessions: readonly object[] }> = client.listSessions()

// @ts-expect-error a parameter is no string
export const textLimit = client.listSessions({ limit: '10' })

// @ts-expect-error there is no such parameter
export const page = client.listSessions({ page: 2 })

// @ts-expect-error a first page may be the last
export const nextCursor: string = (await client.listSessions()).next_cursor

// @ts-expect-error log-in stands for it
export const issueToken = client.issueToken(account)

// @ts-expect-error there is no such member in the answer
export const absent = (await client.readLiveness()).message

// @ts-expect-error a service has to be named
export const nowhere = createClient({})

export const withFetch = createClient({ baseUrl: '', fetch })

/** Every code is of the contract or of the client itself, and all of them are there. */
export const codes: readonly SesameErrorCode[] = [] as readonly (
  ErrorCode | OAuthError['error'] | 'network-failure' | 'undeclared-answer'
)[]

export const isKnown = (error: SesameError): string => {
  switch (error.code) {
    case 'username-taken':
    case 'invalid_grant':
    case 'insufficient-user-authentication':
    case 'network-failure':
      return error.code satisfies
        'username-taken' | 'invalid_grant' | 'insufficient-user-authentication' | 'network-failure'
    // @ts-expect-error no answer has this code
    case 'no-such-code':
      return ''
    default:
      // @ts-expect-error this code is no longer possible here
      return error.code === 'username-taken' ? '' : error.detail
  }
}
