import { systemClock } from '../../src/clock.ts'
import { contractClient, logIn, readProtected, refresh, signUp } from './contract-client.ts'
import { addQuickAccount, quickPassword } from './quick-account.ts'
import { type ServiceOptions, startService } from './service.ts'

export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
}

/** Starts a service whose clock only the test moves, and returns it with the steps that tests of accounts and sessions
 * share. */
export const startAccountService = async (options: ServiceOptions = {}) => {
  let now = 1_800_000_000
  let accounts = 0
  const clock = { ...systemClock, nowSeconds: () => now }
  const service = await startService({ clock, ...options })
  const client = contractClient(service.url)
  const newName = (): string => {
    accounts += 1
    return `Holder${accounts}`
  }
  return {
    ...service,
    client,
    nowSeconds: clock.nowSeconds,
    passSeconds: (seconds: number): void => {
      now += seconds
    },

    /** Adds an account whose log-ins take a millisecond, and returns its name. */
    addAccount: async (): Promise<string> => {
      const name = newName()
      await addQuickAccount(service, name, clock)
      return name
    },

    signUpAccount: async (password: string): Promise<string> => {
      const name = newName()
      const { status } = await signUp(client, name, password)
      if (status !== 200) throw new Error(`The sign-up of ${name} got ${status}`)
      return name
    },

    open: async (name: string, fields: Readonly<Record<string, string>> = {}): Promise<Tokens> =>
      (await logIn(client, name, quickPassword, fields)).json as Tokens,

    isAccepted: async ({ access_token: token }: Tokens): Promise<boolean> =>
      (await readProtected(client, token)).status === 200,

    /** Whether both tokens are accepted. It uses up the refresh token. */
    bothAccepted: async ({ access_token: access, refresh_token: token }: Tokens): Promise<boolean> => {
      const [read, refreshed] = [await readProtected(client, access), await refresh(client, token)]
      if (read.status === 200 && refreshed.status === 200) return true
      const refusals = [read.status, read.json.code, refreshed.status, refreshed.json.error]
      if (refusals.join() === '401,invalid-token,400,invalid_grant') return false
      throw new Error(`Only one of the tokens was accepted: ${refusals.join()}`)
    },
  }
}
