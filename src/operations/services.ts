import type { Accounts } from '../accounts/accounts.ts'
import type { Sessions } from '../sessions/sessions.ts'

/** The services that handlers use. Each handler requires only some of them. */
export interface Services {
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly readiness: Readiness
}

export interface Readiness {
  /** @throws Failure 'not-ready' while the service is shutting down or cannot reach its store */
  readonly assert: () => Promise<void>
}
