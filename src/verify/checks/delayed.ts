import type { Operation } from '../../contract/operations.ts'
import { type Check, withHeaders } from '../check.ts'
import { refreshOf } from '../run/accounts.ts'
import type { Context } from '../run/context.ts'
import { bearer, failureOf, membersOf } from '../run/requests.ts'
import { challenges, expiredTitle, refusedToken } from './security.ts'

// The run waits for this long, and for nothing that takes longer.
const maxWaitSeconds = 10

/** Checks that are possible only after some time. */
export interface DelayedChecks {
  /** The operation that requires a recent log-in; undefined for a token that expires. */
  readonly operationId: string | undefined
  /** Completes "waiting until ...". */
  readonly until: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly checks: readonly Check[]
}

/** Requests the tokens that must expire or grow old during the run, if that takes less than `maxWaitSeconds`. If the server
 * refuses one, its checks are left out, and the other checks that need such a token say why. */
export const startDelayedChecks = async (context: Context): Promise<readonly DelayedChecks[]> => {
  const operations = operationsWithMaxAge(context.operations).filter((one) => maxAgeOf(one) <= maxWaitSeconds)
  const starts = [
    () => startToExpire(context),
    ...operations.map((operation) => () => startLogInToAge(operation, context)),
  ]
  const started: DelayedChecks[] = []
  // One after the other, as the exchange requires.
  for (const start of starts) {
    const one = await start().catch(() => undefined)
    if (one) started.push(one)
  }
  return started
}

/** Operations that require a recent log-in. */
export const operationsWithMaxAge = (operations: readonly Operation[]): readonly Operation[] =>
  operations.filter(({ maxAuthenticationAgeSeconds }) => maxAuthenticationAgeSeconds !== undefined)

const maxAgeOf = ({ maxAuthenticationAgeSeconds = Infinity }: Operation): number => maxAuthenticationAgeSeconds

// Times in tokens are whole seconds, so one more is needed.
const secondsFromNow = (seconds: number): number => Date.now() + (seconds + 1) * 1000

const startToExpire = async ({ operations, accounts, checksOf }: Context): Promise<DelayedChecks | undefined> => {
  const { accessToken, lifetimeSeconds } = await accounts.open(await accounts.account())
  if (lifetimeSeconds <= 0 || lifetimeSeconds > maxWaitSeconds) return undefined
  return {
    operationId: undefined,
    until: 'a token has expired',
    at: secondsFromNow(lifetimeSeconds),
    checks: operations
      .filter(({ isSecured }) => isSecured)
      .map((operation) => checksOf(operation)(expiredTitle, 401, withHeaders(bearer(accessToken)), refusedToken)),
  }
}

/** A refresh returns a new token, but does not count as a log-in (RFC 9470, 6.2). */
const startLogInToAge = async (operation: Operation, context: Context): Promise<DelayedChecks> => {
  const { accounts, valid, checksOf } = context
  const old = await accounts.open(await accounts.freshAccount())
  const maxAge = maxAgeOf(operation)
  const refreshed = async () => valid(operation, { ...old, accessToken: await refresh(context, old.refreshToken) })
  const challenge = `Bearer error="insufficient_user_authentication", max_age="${maxAge}"`
  const demands = { also: challenges(challenge, 'RFC 9470, 3') }
  return {
    operationId: operation.id,
    until: 'a log-in is too long ago',
    at: secondsFromNow(maxAge),
    checks: [checksOf(operation)('a log-in that is too long ago, and a refresh after it', 401, refreshed, demands)],
  }
}

const refresh = async ({ logIn, valid, perform }: Context, refreshToken: string): Promise<string> => {
  const response = await perform({ ...(await valid(logIn)), body: refreshOf(refreshToken) })
  const { access_token: accessToken } = membersOf(response)
  if (typeof accessToken === 'string') return accessToken
  throw failureOf('a refresh is needed for this, but has failed', response)
}
