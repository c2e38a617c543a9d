import type { Check } from '../check.ts'
import type { Context } from '../run/context.ts'
import { accountHolderChecks } from './account-holder.ts'
import { accountChecks } from './accounts.ts'
import { addressChecks } from './addresses.ts'
import { bodyChecks } from './bodies.ts'
import { endedSessionChecks } from './ended-sessions.ts'
import { pathChecks } from './http.ts'
import { pageChecks } from './pages.ts'
import { scopeChecks } from './scopes.ts'
import { securityChecks } from './security.ts'

/** All checks that are possible at any time and behind a proxy. */
export const allChecks = (context: Context): readonly Check[] => {
  const { operations } = context
  return [
    ...operations.flatMap((operation) => bodyChecks(operation, context)),
    ...operations.flatMap((operation) => addressChecks(operation, context)),
    ...accountChecks(context),
    ...operations.flatMap((operation) => securityChecks(operation, context)),
    ...scopeChecks(context),
    ...pageChecks(context),
    ...endedSessionChecks(context),
    ...accountHolderChecks(context),
    ...pathChecks(context),
  ]
}
