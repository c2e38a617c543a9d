import type { ContractDocument } from '../contract/document.ts'
import { type Operation, operationsOf } from '../contract/operations.ts'
import type { Check, Material } from './checks.ts'
import type { Received } from './exchange.ts'
import { encode, membersOf, requestOf, urlencoded } from './requests.ts'
import { bearer, outgoingOf } from './right-requests.ts'
import { expiredTitle, refusalCheck } from './security-checks.ts'
import { failureOf } from './session.ts'

// So many seconds are waited for, and no more.
const patience = 10

/** Checks that can only be made after some time. */
export interface Ageing {
  /** The operation that asks for a recent log-in; undefined for a token that expires. */
  readonly operationId: string | undefined
  /** Completes "waiting until ...". */
  readonly until: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly checks: readonly Check[]
}

/** What is left to grow old meanwhile, when that is soon. What the server does not give for it is left out, since other
 * checks need it, too, and say so. */
export const startToAge = async (material: Material): Promise<readonly Ageing[]> => {
  const started = await Promise.allSettled([
    startToExpire(material),
    ...operationsWithMaxAge(material.document)
      .filter((operation) => maxAgeOf(operation) <= patience)
      .map((operation) => startLogInToAge(operation, material)),
  ])
  return started.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : []))
}

/** Operations that ask for a recent log-in. */
export const operationsWithMaxAge = (document: ContractDocument): readonly Operation[] =>
  operationsOf(document).filter(({ maxAuthenticationAgeSeconds }) => maxAuthenticationAgeSeconds !== undefined)

const maxAgeOf = ({ maxAuthenticationAgeSeconds = Infinity }: Operation): number => maxAuthenticationAgeSeconds

// A second more, since times in tokens are whole ones.
const secondsFromNow = (seconds: number): number => Date.now() + (seconds + 1) * 1000

const startToExpire = async (material: Material): Promise<Ageing | undefined> => {
  const { operations, session } = material
  const { accessToken, lifetimeSeconds } = await session.open(await session.account())
  if (lifetimeSeconds <= 0 || lifetimeSeconds > patience) return undefined
  return {
    operationId: undefined,
    until: 'a token has expired',
    at: secondsFromNow(lifetimeSeconds),
    checks: operations
      .filter(({ isSecured }) => isSecured)
      .map((operation) => refusalCheck(operation, material, expiredTitle, () => accessToken)),
  }
}

/** A refresh gives a new token, but is no log-in (RFC 9470, 6.2). */
const startLogInToAge = async (operation: Operation, material: Material): Promise<Ageing> => {
  const { session, host, makeRight } = material
  const old = await session.open(await session.freshAccount())
  return {
    operationId: operation.id,
    until: 'a log-in is too long ago',
    at: secondsFromNow(maxAgeOf(operation)),
    checks: [
      {
        operationId: operation.id,
        title: 'a log-in that is too long ago, and a refresh after it',
        expected: 401,
        also: asksForALogIn(maxAgeOf(operation)),
        request: async () => {
          const accessToken = await refresh(material, old.refreshToken)
          return outgoingOf(host, await makeRight(operation, { ...old, accessToken }), {
            headers: [bearer(accessToken)],
          })
        },
      },
    ],
  }
}

const refresh = async ({ session, host, send }: Material, refreshToken: string): Promise<string> => {
  const { logIn } = session
  const body = encode(urlencoded, { grant_type: 'refresh_token', refresh_token: refreshToken })
  const answer = await send(requestOf(host, logIn.method, logIn.path, { body }))
  const { access_token: accessToken } = membersOf(answer)
  if (typeof accessToken === 'string') return accessToken
  throw failureOf('a refresh is needed for this, but has failed', answer)
}

const asksForALogIn =
  (maxAge: number) =>
  ({ headers }: Received): readonly string[] => {
    const challenge = `Bearer error="insufficient_user_authentication", max_age="${maxAge}"`
    return headers['www-authenticate'] === challenge
      ? []
      : [`the header WWW-Authenticate must be ${challenge} (RFC 9470, 3)`]
  }
