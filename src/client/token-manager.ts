import type { components } from '../contract/generated.ts'
import { SesameError, type SesameErrorCode } from './error.ts'

export type Tokens = Readonly<Pick<components['schemas']['TokenResponse'], 'access_token' | 'refresh_token'>>

/** Keeps and refreshes the tokens of one log-in. Each log-in has its own manager, so that their tokens do not mix. */
export interface TokenManager {
  /** Makes a call with the access token, if there is one. If the service refuses the token as invalid, refreshes it
   * once for all waiting calls, and repeats the call once.
   * @throws SesameError 'invalid-token' if the service also refuses the refresh token
   * @throws SesameError any other failure of the refresh, which keeps the tokens */
  readonly send: <T>(call: (accessToken: string | undefined) => Promise<T>) => Promise<T>
  readonly hasTokens: () => boolean
  /** Drops the tokens. A pending refresh does not bring any back. */
  readonly forget: () => void
}

/** @param refresh exchanges a refresh token */
export const createTokenManager = (
  first: Tokens | undefined,
  refresh: (refreshToken: string) => Promise<Tokens>,
): TokenManager => {
  let tokens = first
  let pendingRefresh: Promise<void> | undefined

  const replaceTokens = async (used: Tokens): Promise<void> => {
    try {
      const next = await retryNetworkFailures(() => refresh(used.refresh_token))
      // The caller may have dropped the tokens meanwhile.
      if (tokens === used) tokens = next
    } catch (error) {
      if (!hasCode(error, 'invalid_grant')) throw error
      tokens = undefined
    }
  }

  const refreshOnce = (used: Tokens): Promise<void> =>
    (pendingRefresh ??= replaceTokens(used).finally(() => {
      pendingRefresh = undefined
    }))

  return {
    send: async (call) => {
      const sent = tokens
      try {
        return await call(sent?.access_token)
      } catch (error) {
        if (!sent || !hasCode(error, 'invalid-token')) throw error
        // Another call may have refreshed the tokens since this one was sent.
        if (tokens === sent) await refreshOnce(sent)
        if (!tokens) throw error
        return call(tokens.access_token)
      }
    },
    hasTokens: () => tokens !== undefined,
    forget: () => {
      tokens = undefined
    },
  }
}

const maxAttempts = 3

/** Repeats a refresh at once if no complete response came. For some seconds, the service accepts the same refresh token
 * again. A later repetition looks like the use of a stolen token. */
const retryNetworkFailures = async <T>(send: () => Promise<T>, attempts = maxAttempts): Promise<T> => {
  try {
    return await send()
  } catch (error) {
    if (attempts === 1 || !hasCode(error, 'network-failure')) throw error
    return retryNetworkFailures(send, attempts - 1)
  }
}

const hasCode = (error: unknown, code: SesameErrorCode): boolean => error instanceof SesameError && error.code === code
