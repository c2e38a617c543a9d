import type { Accounts } from '../accounts/accounts.ts'
import type { Sessions } from '../sessions/sessions.ts'

/** What operations may ask for; each names what it uses. */
export interface Services {
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly readiness: Readiness
}

export interface Readiness {
  /** @throws Failure 'not-ready' while the service is shutting down or its store is out of reach */
  readonly assert: () => Promise<void>
}
