import { setTimeout as delay } from 'node:timers/promises'
import { type Conformance, createConformance } from '../contract/conformance.ts'
import type { ContractDocument } from '../contract/document.ts'
import type { Check, Result } from './check.ts'
import { allChecks } from './checks/all.ts'
import { type DelayedChecks, operationsWithMaxAge, startDelayedChecks } from './checks/delayed.ts'
import { transportChecks } from './checks/http.ts'
import { type AccountsReport, cleanUp } from './run/clean-up.ts'
import { type Context, createContext } from './run/context.ts'
import { trackAccounts } from './run/created-accounts.ts'
import { createExampleRule, exampleResults, type Seen } from './run/examples.ts'
import { openExchange } from './run/exchange.ts'
import { identify } from './run/identify.ts'
import { runCheck } from './run/run-check.ts'

/** The result of a run against one server. */
export interface Verification {
  readonly results: readonly Result[]
  readonly accounts: AccountsReport
  /** Declared responses that no request provoked, as "operationId status". */
  readonly notProvoked: readonly string[]
  /** False if the run had no expired token, and tokens live longer than the run waits. */
  readonly isExpiryChecked: boolean
  /** Operations whose check of an old log-in was skipped, because it takes longer than the run waits. */
  readonly oldLogInsUnchecked: readonly string[]
  readonly seconds: number
}

export interface Options {
  readonly baseUrl: URL
  readonly document: ContractDocument
  readonly expiredToken?: string | undefined
  /** A proxy responds to malformed HTTP itself, and adds headers. */
  readonly isBehindProxy: boolean
  /** Runs every check even if the server does not respond like the service. */
  readonly acceptsAnyServer?: boolean
  /** The time limit for each response. */
  readonly timeoutSeconds: number
  /** Called before each check and each wait. */
  readonly onProgress: (done: number, total: number, now: string) => void
}

// Each check of a server that hangs lasts for the whole time limit.
const maxFailuresInARow = 5
// The deletion of accounts gives up earlier, because it checks nothing.
const maxFailuresAtTheEnd = 2
const addedByProxies = ['server', 'via', 'alt-svc', 'x-cache', 'age']

/** Checks a server against the contract over HTTP. It deletes the accounts that it signed up.
 * @throws Error if the server cannot be reached, or is clearly another service */
export const verify = async (options: Options): Promise<Verification> => {
  const { baseUrl, document, expiredToken, isBehindProxy, acceptsAnyServer = false, timeoutSeconds } = options
  const start = performance.now()
  const results: Result[] = []
  const seen: Seen[] = []
  const tell = (now: string): void => options.onProgress(results.length, total, now)
  const created = trackAccounts(document)
  const exchange = openExchange({
    baseUrl,
    timeoutSeconds,
    onWait: (seconds) => tell(`waiting ${seconds} s, as Retry-After requires`),
    onResponse: created.note,
  })
  const { send, failuresInARow } = exchange
  const context = createContext(document, send, created, expiredToken)
  const transport = transportChecks(context)
  const checks = [...allChecks(context), ...(isBehindProxy ? [] : transport)]
  let total = checks.length
  const runner = {
    send,
    conformance: conformanceBehind(createConformance(document), isBehindProxy),
    exampleRule: createExampleRule(document),
    onResponse: (entry: Seen) => void seen.push(entry),
  }
  const run = async (check: Check): Promise<void> => {
    tell(`${check.operationId ?? 'any request'}: ${check.title}`)
    results.push(await runCheck(check, runner))
  }

  try {
    await identify(context, send, acceptsAnyServer)
    const delayed = await startDelayedChecks(context)
    total += delayed.flatMap((one) => one.checks).length
    for (const check of checks) {
      await run(check)
      if (failuresInARow() >= maxFailuresInARow) break
    }
    const left = checks.length - results.length
    if (left > 0) results.push(skippedChecks(left))
    const awaited = left > 0 ? [] : delayed
    for (const { until, at, checks: late } of awaited) {
      tell(`waiting until ${until}`)
      await delay(Math.max(0, at - Date.now()))
      for (const check of late) await run(check)
    }
    const oldLogInsUnchecked = withoutOldLogIn(context, awaited)
    const examples = exampleResults({
      document,
      seen,
      skipped: isBehindProxy ? transport : [],
      oldLogInsUnchecked,
      account: await context.accounts.reader().catch(() => undefined),
    })
    const accounts = await cleanUp(
      context,
      created,
      () => failuresInARow() >= maxFailuresAtTheEnd,
      (username) => tell(`deleting ${username}`),
    )
    return {
      results: [...results, ...examples.results],
      accounts,
      notProvoked: examples.notProvoked,
      isExpiryChecked:
        awaited.some(({ operationId }) => operationId === undefined) || (expiredToken !== undefined && left === 0),
      oldLogInsUnchecked,
      seconds: (performance.now() - start) / 1000,
    }
  } finally {
    exchange.close()
  }
}

const skippedChecks = (left: number): Result => ({
  operationId: undefined,
  title: `the other ${left} checks`,
  broken: [`skipped, because ${maxFailuresInARow} requests in a row had no response`],
  seconds: 0,
})

const withoutOldLogIn = ({ operations }: Context, awaited: readonly DelayedChecks[]): readonly string[] =>
  operationsWithMaxAge(operations)
    .map(({ id }) => id)
    .filter((id) => awaited.every(({ operationId }) => operationId !== id))

/** Ignores the headers that a proxy adds. */
const conformanceBehind =
  (conformance: Conformance, isBehindProxy: boolean): Conformance =>
  (operationId, response) => {
    if (!isBehindProxy) return conformance(operationId, response)
    const own = Object.entries(response.headers).filter(([name]) => !addedByProxies.includes(name))
    return conformance(operationId, { ...response, headers: Object.fromEntries(own) })
  }
