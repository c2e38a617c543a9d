import type { components } from '../contract/generated.ts'
import { SesameError, type SesameErrorCode } from './error.ts'

export type Tokens = Readonly<Pick<components['schemas']['TokenResponse'], 'access_token' | 'refresh_token'>>

/** The tokens of one log-in. A later log-in has a session of its own, so that neither gets the other's tokens. */
export interface Session {
  /** Makes a call with the access token, if there is one. Where the service refuses it as invalid, the call is made once
   * more with a newer one, for which all the calls that need it ask together.
   * @throws SesameError 'invalid-token' where there is no newer one, since the service refuses the refresh token, too
   * @throws SesameError of any other failure of the refresh, after which the tokens are what they were */
  readonly send: <T>(call: (accessToken: string | undefined) => Promise<T>) => Promise<T>
  readonly isOpen: () => boolean
  /** Drops the tokens; a refresh under way brings none back. */
  readonly forget: () => void
}

/** @param refresh exchanges a refresh token */
export const createSession = (
  first: Tokens | undefined,
  refresh: (refreshToken: string) => Promise<Tokens>,
): Session => {
  let tokens = first
  let renewal: Promise<void> | undefined

  const renew = async (used: Tokens): Promise<void> => {
    try {
      const next = await insist(() => refresh(used.refresh_token))
      // They may have been forgotten since.
      if (tokens === used) tokens = next
    } catch (error) {
      if (!hasCode(error, 'invalid_grant')) throw error
      tokens = undefined
    }
  }

  const renewTogether = (used: Tokens): Promise<void> =>
    (renewal ??= renew(used).finally(() => {
      renewal = undefined
    }))

  return {
    send: async (call) => {
      const sent = tokens
      try {
        return await call(sent?.access_token)
      } catch (error) {
        if (!sent || !hasCode(error, 'invalid-token')) throw error
        // Another call may have had them renewed since this one was sent.
        if (tokens === sent) await renewTogether(sent)
        if (!tokens) throw error
        return call(tokens.access_token)
      }
    },
    isOpen: () => tokens !== undefined,
    forget: () => {
      tokens = undefined
    },
  }
}

const maxAttempts = 3

/** Asks again at once where no whole answer came: the service answers a refresh token alike for some seconds, and takes
 * it for stolen when it comes later. */
const insist = async <T>(ask: () => Promise<T>, attempts = maxAttempts): Promise<T> => {
  try {
    return await ask()
  } catch (error) {
    if (attempts === 1 || !hasCode(error, 'network-failure')) throw error
    return insist(ask, attempts - 1)
  }
}

const hasCode = (error: unknown, code: SesameErrorCode): boolean => error instanceof SesameError && error.code === code
