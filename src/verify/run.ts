import { setTimeout as delay } from 'node:timers/promises'
import { type Conformance, createConformance } from '../contract/conformance.ts'
import type { ContractDocument } from '../contract/document.ts'
import { operationsOf } from '../contract/operations.ts'
import { type Ageing, operationsWithMaxAge, startToAge } from './ageing.ts'
import { allChecks } from './all-checks.ts'
import type { Check, Material, Result } from './checks.ts'
import { type AccountsReport, cleanUp } from './clean-up.ts'
import { exampleResults, type Seen } from './examples.ts'
import { openExchange, type Send } from './exchange.ts'
import { transportChecks } from './http-checks.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { requestOf } from './requests.ts'
import { createRightRequests } from './right-requests.ts'
import { runCheck } from './run-check.ts'
import { openSession } from './session.ts'
import { watch } from './watch.ts'

/** A whole run against one server. */
export interface Verification {
  readonly results: readonly Result[]
  readonly accounts: AccountsReport
  /** Declared answers that cannot be provoked from outside, as "operationId status". */
  readonly notProvoked: readonly string[]
  /** False when no expired token was at hand and tokens live too long to wait for. */
  readonly isExpiryChecked: boolean
  /** Operations that refuse an old log-in, when that would have been too long to wait for. */
  readonly oldLogInsUnchecked: readonly string[]
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

// A server that hangs would take the whole of the time that an answer may take for each check.
const maxSilences = 5
// While accounts are deleted, nobody learns anything more from it.
const maxSilencesAtTheEnd = 2
const addedByProxies = ['server', 'via', 'alt-svc', 'x-cache', 'age']

/** Runs the contract against a server, by HTTP alone, and deletes the accounts that it has signed up.
 * @throws Error when the server cannot be reached */
export const verify = async (options: Options): Promise<Verification> => {
  const { baseUrl, document, expiredToken, isBehindProxy, timeoutSeconds } = options
  const start = performance.now()
  const results: Result[] = []
  const tell = (now: string): void => options.onProgress(results.length, checks.length, now)
  const exchange = openExchange({
    baseUrl,
    timeoutSeconds,
    onWait: (seconds) => tell(`waiting ${seconds} s, as Retry-After asks`),
  })
  const ledger = openLedger(document)
  const { send, silences } = watch(exchange.send, ledger.note)
  const conformance = conformanceBehind(createConformance(document), isBehindProxy)
  const material = materialFor(options, send, ledger)
  const { session } = material
  const transport = transportChecks(material)
  const checks = [...allChecks(material), ...(isBehindProxy ? [] : transport)]
  const seen: Seen[] = []

  const run = async (check: Check): Promise<void> => {
    tell(`${check.operationId ?? 'any request'}: ${check.title}`)
    results.push(
      await runCheck(check, send, conformance, (outgoing, answer) =>
        seen.push({ operationId: check.operationId, outgoing, answer }),
      ),
    )
  }

  try {
    // Whatever it answers: without any answer, there is nothing to check.
    await send(requestOf(baseUrl.host, 'GET', '/'))
    const ageing = await startToAge(material)
    for (const check of checks) {
      await run(check)
      if (silences() >= maxSilences) break
    }
    const left = checks.length - results.length
    if (left > 0) results.push(givenUp(left))
    const awaited = left > 0 ? [] : ageing
    for (const { until, at, checks: late } of awaited) {
      tell(`waiting until ${until}`)
      await delay(Math.max(0, at - Date.now()))
      for (const check of late) await run(check)
    }
    const oldLogInsUnchecked = withoutOldLogIn(document, awaited)
    const examples = exampleResults({
      document,
      seen,
      skipped: isBehindProxy ? transport : [],
      oldLogInsUnchecked,
      account: await session.reader().catch(() => undefined),
    })
    const accounts = await cleanUp(
      material,
      ledger,
      () => silences() >= maxSilencesAtTheEnd,
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

const materialFor = ({ baseUrl: { host }, document, expiredToken }: Options, send: Send, ledger: Ledger): Material => {
  const session = openSession(document, send, host, ledger)
  const operations = operationsOf(document)
  const makeRight = createRightRequests(document, operations, session, send, host)
  return { document, operations, session, host, makeRight, send, expiredToken }
}

const givenUp = (left: number): Result => ({
  operationId: undefined,
  title: `the other ${left} checks`,
  broken: [`given up, since ${maxSilences} requests in a row had no answer`],
  seconds: 0,
})

const withoutOldLogIn = (document: ContractDocument, awaited: readonly Ageing[]): readonly string[] =>
  operationsWithMaxAge(document)
    .map(({ id }) => id)
    .filter((id) => awaited.every(({ operationId }) => operationId !== id))

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
