import { expect } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import { createClient, type SesameClient } from '../../src/client/index.ts'
import { account, rejection } from './client-calls.ts'
import { addQuickAccount } from './quick-account.ts'
import { startService } from './service.ts'

export interface LogInOptions {
  readonly scope?: string
  readonly fetch?: (request: Request) => Promise<Response>
}

export interface ClientService {
  /** Returns a client that has logged in to the account, and the requests that it has sent since, such as `GET
   * /account`. */
  readonly logIn: (options?: LogInOptions) => Promise<{ readonly client: SesameClient; readonly sent: string[] }>
  /** Moves the clock past the lifetime of an access token. The log-in still counts as recent. */
  readonly expireAccessToken: () => void
  /** Moves the clock past the time in which a log-in counts as recent. */
  readonly outlastRecentLogIn: () => void
  readonly stop: () => Promise<void>
}

/** Starts a service on which the account exists. */
export const startClientService = async (): Promise<ClientService> => {
  let aheadSeconds = 0
  const start = systemClock.nowSeconds()
  const { url, stop, stores } = await startService({
    clock: { ...systemClock, nowSeconds: () => start + aheadSeconds },
    environment: { ACCESS_TOKEN_EXPIRE_MINUTES: '1' },
  })
  await addQuickAccount({ stores }, account.username)

  return {
    logIn: async ({ fetch = globalThis.fetch, ...scope } = {}) => {
      const sent: string[] = []
      const client = createClient({
        baseUrl: url,
        fetch: (request) => {
          sent.push(`${request.method} ${request.url.slice(url.length)}`)
          return fetch(request)
        },
      })
      await client.login({ ...account, ...scope })
      sent.length = 0
      return { client, sent }
    },
    expireAccessToken: () => {
      aheadSeconds += 61
    },
    outlastRecentLogIn: () => {
      aheadSeconds += 301
    },
    stop,
  }
}

export const expectLoggedOut = async (client: SesameClient): Promise<void> => {
  expect(client.isLoggedIn()).toBe(false)
  expect((await rejection(client.readAccount())).code).toBe('not-authenticated')
}

/** Expects that the client believes it is logged in, and that its next call shows it that the session is over. */
export const expectEnded = async (client: SesameClient): Promise<void> => {
  expect(client.isLoggedIn()).toBe(true)
  expect((await rejection(client.readAccount())).code).toBe('invalid-token')
  await expectLoggedOut(client)
}
