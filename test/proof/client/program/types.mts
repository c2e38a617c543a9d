// The proof compiles this module as ESM and as CommonJS. The compiler must refuse each line below an
// `@ts-expect-error`.
import { createClient, type SesameClient, SesameError, type SesameErrorCode } from '@sesame-auth/client'

const client: SesameClient = createClient({ baseUrl: 'http://localhost:8000', fetch })

export const greeting = async (): Promise<string> => (await client.readProtected()).message

export const logIn = async (username: string, password: string): Promise<number> =>
  (await client.login({ username, password })).expires_in

export const clientsOnAllPages = async (): Promise<readonly string[]> => {
  const found: string[] = []
  let cursor: string | undefined
  do {
    const page = await client.listSessions({ limit: 10, cursor })
    found.push(...page.sessions.map((session) => session.client_id))
    cursor = page.next_cursor
  } while (cursor !== undefined)
  return found
}

export const endSession = async (id: string): Promise<string> => (await client.endSession({ session_id: id })).message

// @ts-expect-error a parameter is no string
export const textLimit = client.listSessions({ limit: '10' })

// @ts-expect-error the parameter of the path is missing
export const whichSession = client.endSession()

// @ts-expect-error a member is missing
export const incomplete = client.signup({ username: 'licat' })

// @ts-expect-error no answer has this member
export const absent = async () => (await client.readLiveness()).message

export const explain = (error: unknown): string => {
  if (!(error instanceof SesameError)) throw error
  switch (error.code) {
    case 'username-taken':
      return error.detail
    case 'insufficient-user-authentication':
      return 'Log in again'
    case 'overloaded':
      return `Try again in ${error.retryAfterSeconds ?? 1} s`
    // @ts-expect-error no error has this code
    case 'no-such-code':
      return ''
    default: {
      const code: Exclude<SesameErrorCode, 'username-taken' | 'insufficient-user-authentication' | 'overloaded'> =
        error.code
      return code
    }
  }
}
