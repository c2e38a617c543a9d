import type { Operation } from '../../contract/operations.ts'
import { type Check, withHeaders } from '../check.ts'
import { refreshOf } from '../run/accounts.ts'
import type { Context } from '../run/context.ts'
import { bearer, failureOf, membersOf } from '../run/requests.ts'
import { challenges, expiredTitle, refusedToken } from './security.ts'

// The run waits at most this long. It skips checks that need more time.
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

/** Requests the tokens that expire or grow too old within `maxWaitSeconds`. If the server refuses one, its checks are
 * skipped. Other checks report the failure. */
export const startDelayedChecks = async (context: Context): Promise<readonly DelayedChecks[]> => {
  const operations = operationsWithMaxAge(context.operations).filter((one) => maxAgeOf(one) <= maxWaitSeconds)
  const starts = [
    () => startToExpire(context),
    ...operations.map((operation) => () => startLogInToAge(operation, context)),
  ]
  const started: DelayedChecks[] = []
  // The exchange sends one request at a time.
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

// Times in tokens are whole seconds, so the run waits one more.
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
    until: 'a log-in is too old',
    at: secondsFromNow(maxAge),
    checks: [checksOf(operation)('a refreshed token of a log-in that is too old', 401, refreshed, demands)],
  }
}

const refresh = async ({ logIn, valid, perform }: Context, refreshToken: string): Promise<string> => {
  const response = await perform({ ...(await valid(logIn)), body: refreshOf(refreshToken) })
  const { access_token: accessToken } = membersOf(response)
  if (typeof accessToken === 'string') return accessToken
  throw failureOf('a required refresh failed', response)
}
