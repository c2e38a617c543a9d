import { EventEmitter, once } from 'node:events'
import type { SesameClient, SesameError } from '../../src/client/index.ts'
import type { OperationId } from '../../src/contract/types.ts'
import { quickPassword } from './quick-account.ts'

export const account = { username: 'licat', password: quickPassword }

/** Calls each operation once, with valid arguments. */
export const calls: Readonly<Record<OperationId, (client: SesameClient) => Promise<unknown>>> = {
  signup: (client) => client.signup(account),
  issueToken: (client) => client.login(account),
  revokeToken: (client) => client.revokeToken({ token: 'x' }),
  logout: (client) => client.logout(),
  readAccount: (client) => client.readAccount(),
  changePassword: (client) =>
    client.changePassword({ current_password: account.password, new_password: account.password }),
  deleteAccount: (client) => client.deleteAccount(),
  listSessions: (client) => client.listSessions({ limit: 10 }),
  endSession: (client) => client.endSession({ session_id: '0f8fad5b-d9cb-469f-a165-70867728950e' }),
  endOtherSessions: (client) => client.endOtherSessions(),
  readProtected: (client) => client.readProtected(),
  readLiveness: (client) => client.readLiveness(),
  readReadiness: (client) => client.readReadiness(),
}

/** Resolves to the error of a call that must fail. */
export const rejection = (call: Promise<unknown>): Promise<SesameError> =>
  call.then(
    (value) => {
      throw new Error(`The call should have failed, but returned ${JSON.stringify(value)}`)
    },
    (error: unknown) => error as SesameError,
  )

/** A `fetch` that can hold back a response. */
export const createHoldingFetch = () => {
  const events = new EventEmitter()
  let isToHold = false
  return {
    fetch: async (request: Request): Promise<Response> => {
      const isHeld = isToHold
      isToHold = false
      const response = await fetch(request)
      if (isHeld) {
        events.emit('answered')
        await once(events, 'let go')
      }
      return response
    },
    /** Holds back the response to the next request. Resolves when that response has arrived. */
    holdNext: (): Promise<unknown> => {
      isToHold = true
      return once(events, 'answered')
    },
    /** Passes on the response that was held back. */
    letGo: (): void => {
      events.emit('let go')
    },
  }
}
