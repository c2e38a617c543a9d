// Compiled as a module of a user's project, ESM and CommonJS: each line below an `@ts-expect-error` has to be refused.
import { createClient, type SesameClient, SesameError, type SesameErrorCode } from '@sesame-auth/sesame/client'

const client: SesameClient = createClient({ baseUrl: 'http://localhost:8000', fetch })

export const greeting = async (): Promise<string> => (await client.readProtected()).message

export const logIn = async (username: string, password: string): Promise<number> =>
  (await client.login({ username, password })).expires_in

// @ts-expect-error a member is missing
export const incomplete = client.signup({ username: 'licat' })

// @ts-expect-error no answer has this member
export const absent = async () => (await client.readLiveness()).message

export const explain = (error: unknown): string => {
  if (!(error instanceof SesameError)) throw error
  switch (error.code) {
    case 'username-taken':
      return error.detail
    case 'overloaded':
      return `Try again in ${error.retryAfterSeconds ?? 1} s`
    // @ts-expect-error no error has this code
    case 'no-such-code':
      return ''
    default: {
      const code: Exclude<SesameErrorCode, 'username-taken' | 'overloaded' | 'no-such-code'> = error.code
      return code
    }
  }
}
