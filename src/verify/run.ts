import { setTimeout as delay } from 'node:timers/promises'
import { type Conformance, createConformance } from '../contract/conformance.ts'
import { type ContractDocument, operationsOf } from '../contract/document.ts'
import { accountChecks } from './account-checks.ts'
import { bodyChecks } from './body-checks.ts'
import type { Check, Material, Result } from './checks.ts'
import { exampleResults, type Seen } from './examples.ts'
import { openExchange } from './exchange.ts'
import { pathChecks, transportChecks } from './http-checks.ts'
import { requestOf } from './requests.ts'
import { runCheck } from './run-check.ts'
import { expiredTitle, refusalCheck, securityChecks } from './security-checks.ts'
import { openSession, type Session } from './session.ts'

/** A whole run against one server. */
export interface Verification {
  readonly results: readonly Result[]
  /** How the names begin that were signed up, and how many. */
  readonly accounts: { readonly prefix: string; readonly count: number }
  /** Declared answers that cannot be provoked from outside, as "operationId status". */
  readonly notProvoked: readonly string[]
  /** False when no expired token was at hand and tokens live too long to wait for. */
  readonly isExpiryChecked: boolean
  readonly seconds: number
}

export interface Options {
  readonly baseUrl: URL
  readonly document: ContractDocument
  readonly expiredToken?: string | undefined
  /** A proxy in front answers bad HTTP by itself, and adds headers. */
  readonly isBehindProxy: boolean
  /** How long an answer may take. */
  readonly timeoutSeconds: number
  /** Told before each check, and of what is waited for. */
  readonly onProgress: (done: number, total: number, now: string) => void
}

// A lifetime of at most so many seconds is waited for.
const patience = 10
// A server that hangs would take the whole of that time for each check.
const maxSilences = 5
const addedByProxies = ['server', 'via', 'alt-svc', 'x-cache', 'age']

/** Runs the contract against a server, by HTTP alone.
 * @throws Error when the server cannot be reached */
export const verify = async ({
  baseUrl,
  document,
  expiredToken,
  isBehindProxy,
  timeoutSeconds,
  onProgress,
}: Options): Promise<Verification> => {
  const start = performance.now()
  const results: Result[] = []
  const exchange = openExchange({
    baseUrl,
    timeoutSeconds,
    onWait: (seconds) => onProgress(results.length, checks.length, `waiting ${seconds} s, as Retry-After asks`),
  })
  const conformance = conformanceBehind(createConformance(document), isBehindProxy)
  const host = baseUrl.host
  const session = openSession(document, exchange, host)
  const material = { document, session, host, expiredToken }
  const transport = transportChecks(material)
  const checks = [...checksOf(material), ...(isBehindProxy ? [] : transport)]
  const seen: Seen[] = []

  const run = async (check: Check): Promise<void> => {
    const title = `${check.operationId ?? 'any request'}: ${check.title}`
    onProgress(results.length, checks.length, title)
    results.push(
      await runCheck(check, exchange, conformance, (outgoing, answer) =>
        seen.push({ operationId: check.operationId, outgoing, answer }),
      ),
    )
  }

  // Whatever it answers: without any answer, there is nothing to check.
  await exchange.send(requestOf(host, 'GET', '/'))
  const ageing = await startToAge(session)
  for (const check of checks) {
    await run(check)
    if (isSilent(results)) break
  }
  const left = checks.length - results.length
  if (left > 0) results.push(givenUp(left))
  const isAwaited = ageing !== undefined && left === 0
  if (isAwaited) {
    onProgress(results.length, checks.length, 'waiting until a token has expired')
    await ageing.hasExpired
    for (const located of securedOperations(document)) {
      await run(refusalCheck(located, host, expiredTitle, () => ageing.token))
    }
  }
  const examples = exampleResults({
    document,
    seen,
    skipped: isBehindProxy ? transport : [],
    account: await session.account().catch(() => undefined),
  })
  exchange.close()
  return {
    results: [...results, ...examples.results],
    accounts: { prefix: session.prefix, count: countAccounts(seen, session) },
    notProvoked: examples.notProvoked,
    isExpiryChecked: isAwaited || (expiredToken !== undefined && left === 0),
    seconds: (performance.now() - start) / 1000,
  }
}

const checksOf = (material: Material): readonly Check[] => {
  const operations = operationsOf(material.document)
  return [
    ...operations.flatMap((located) => bodyChecks(located, material)),
    ...accountChecks(material),
    ...operations.flatMap((located) => securityChecks(located, material)),
    ...pathChecks(material),
  ]
}

const securedOperations = (document: ContractDocument) =>
  operationsOf(document).filter(({ operation }) => operation.security.length > 0)

const isSilent = (results: readonly Result[]): boolean =>
  results.length >= maxSilences && results.slice(-maxSilences).every(({ status }) => status === undefined)

const givenUp = (left: number): Result => ({
  operationId: undefined,
  title: `the other ${left} checks`,
  broken: [`given up, since ${maxSilences} requests in a row had no answer`],
  seconds: 0,
})

/** A token that is left to expire meanwhile, when that is soon. */
const startToAge = async (
  session: Session,
): Promise<{ readonly token: string; readonly hasExpired: Promise<void> } | undefined> => {
  try {
    const token = await session.token()
    const lifetimeSeconds = session.lifetimeSeconds() ?? Infinity
    // A second more, since `exp` counts in whole ones.
    if (lifetimeSeconds > 0 && lifetimeSeconds <= patience)
      return { token, hasExpired: delay((lifetimeSeconds + 1) * 1000) }
  } catch {
    // The checks that need a token will say so.
  }
  return undefined
}

/** A proxy in front adds headers of its own. */
const conformanceBehind =
  (conformance: Conformance, isBehindProxy: boolean): Conformance =>
  (operationId, answer) =>
    conformance(
      operationId,
      isBehindProxy
        ? {
            ...answer,
            headers: Object.fromEntries(
              Object.entries(answer.headers).filter(([name]) => !addedByProxies.includes(name)),
            ),
          }
        : answer,
    )

/** Sign-ups that were acknowledged, with the one that the session makes by itself. */
const countAccounts = (seen: readonly Seen[], { signUp, hasAccount }: Session): number =>
  seen.filter(({ operationId, answer }) => operationId === signUp.operation.operationId && answer.status === 200)
    .length + (hasAccount() ? 1 : 0)
