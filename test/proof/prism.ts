// Sends all requests of the test suite through `prism proxy`, an independent reading of the contract. Prism must not
// object to any response. Its objections to requests are for information, because many requests are wrong on purpose.
//
// The tests start many services, so that they cannot run through one proxy. They run first, and record every request
// with its response. Then a server behind prism replays the responses. Further words go to Jest.
import { root } from '../support/process.ts'
import { join } from 'node:path'
import { declaredPairs } from '../../src/contract/conformance.ts'
import { readContract } from '../../src/contract/document.ts'
import { operationsOf } from '../../src/contract/operations.ts'
import { createRoutes } from '../../src/contract/routes.ts'
import type { Prove, Result } from './proof.ts'
import type { Exchange, Replayed, Violation } from './prism/exchange.ts'
import { openPrism, type Prism } from './prism/proxy.ts'
import { recordSuite } from './prism/recording.ts'
import { createReplay } from './prism/replay.ts'
import { tamperings } from './prism/tamperings.ts'
import { openUpstream } from './prism/upstream.ts'

const shownNames = 8

type Outcome = Exchange & Replayed

export const prove: Prove = async ({ words }) => {
  const { exchanges, raw } = await recordSuite(words)
  const upstream = await openUpstream()
  const prism = await openPrism(join(root, 'openapi.yaml'), upstream.url)
  const replay = createReplay(prism, upstream)
  const outcomes: Outcome[] = []
  for (const exchange of exchanges) outcomes.push({ ...exchange, ...(await replay(exchange)) })
  const tampered: Tampered[] = []
  for (const { name, exchange } of tamperings(exchanges)) tampered.push({ name, ...(await replay(exchange)) })
  await prism.stop()
  await upstream.stop()
  return [
    judgeAnswers(outcomes, prism),
    judgePassage(outcomes, raw, prism),
    judgePairs(outcomes),
    ...tampered.map(judgeTampered),
  ]
}

const isOf =
  (kind: string) =>
  (violation: Violation): boolean =>
    violation.location[0] === kind
const noRoute = 'Selected route not found'
const isMatched = ({ lost, violations }: Outcome): boolean =>
  lost === undefined && !violations.some(({ message }) => message === noRoute)

/** Whether prism judges by the path that was sent. It resolves dots in a path as a browser does. */
const isSamePath = ({ request: { path } }: Outcome): boolean => {
  const url = new URL(path, 'http://localhost')
  return url.host === 'localhost' && (path.startsWith('http:') || url.pathname === path.split('?')[0])
}

const judgeAnswers = (outcomes: readonly Outcome[], { version }: Prism): Result => {
  const judged = outcomes.filter(isMatched)
  const objected = judged.filter(({ violations }) => violations.some(isOf('response')))
  const wrong = objected.filter(isSamePath)
  const others = objected.filter((outcome) => !isSamePath(outcome))
  const requests = judged.filter(({ violations }) => violations.some(isOf('request')))
  const text =
    `prism ${version}: ${outcomes.length} requests of the tests sent, ${judged.length} of them validated against an ` +
    `operation; answers that it objects to: ${wrong.length}; requests: ${requests.length} (for information)` +
    (others.length > 0 ? `; judged by another path than the one sent: ${namesOf(others)}` : '')
  return { passed: judged.length > 0 && wrong.length === 0, text: [text, ...wrong.map(describe)].join('\n') }
}

const describe = ({ test, request, answer, violations }: Outcome): string => {
  const messages = violations
    .filter(isOf('response'))
    .map(({ location, message }) => `${location.join('.')} ${message}`)
  return `  ${request.method} ${request.path} ${answer.status} (${test}): ${messages.join('; ')}`
}

const judgePassage = (outcomes: readonly Outcome[], raw: readonly string[], prism: Prism): Result => {
  const altered = outcomes.filter(({ alteredTo }) => alteredTo !== undefined)
  const table = [
    ...rowsBy(outcomes, 'without', 'sent without its body, since ', shownNames),
    ...rowsBy(outcomes, 'lost', 'not passed: '),
    {
      how: 'not sent: bytes that a test writes to a socket itself',
      requests: String(raw.length),
      tests: names(raw),
    },
  ]
  const came = outcomes.filter(({ lost }) => lost === undefined).length - altered.length
  const text =
    `${came} answers came through unchanged, ${altered.length} altered; what did not pass as it is stands below; ` +
    `prism was started again ${prism.restarts()} times`
  return { passed: altered.length === 0, text: [text, ...altered.map(describeAltered)].join('\n'), table }
}

const describeAltered = ({ test, request, answer, alteredTo }: Outcome): string =>
  `  ${request.method} ${request.path} ${answer.status} came as ${alteredTo} (${test})`

const rowsBy = (outcomes: readonly Outcome[], key: 'without' | 'lost', words: string, most?: number) => {
  const reasons = new Set(outcomes.map((outcome) => outcome[key]).filter((reason) => reason !== undefined))
  return [...reasons].map((reason) => {
    const all = outcomes.filter((outcome) => outcome[key] === reason)
    return { how: words + reason, requests: String(all.length), tests: namesOf(all, most) }
  })
}

const namesOf = (outcomes: readonly Outcome[], most?: number): string =>
  names(
    outcomes.map(({ test }) => test),
    most,
  )

const names = (tests: readonly string[], most = Infinity): string => {
  const all = [...new Set(tests)]
  return all.slice(0, most).join('; ') + (all.length > most ? `; and ${all.length - most} more` : '')
}

/** Prism must have judged each declared status of each operation that the suite has seen. */
const judgePairs = (outcomes: readonly Outcome[]): Result => {
  const contract = readContract()
  const routes = createRoutes(operationsOf(contract))
  const pairOf = ({ request: { method, path }, answer }: Outcome): string | undefined => {
    const operation = routes.find(path.split('?')[0] ?? '')?.route.operations.get(method.toLowerCase())
    return operation && `${operation.id} ${answer.status}`
  }
  // A pair that begins with a space is a response to an unknown operation, which prism cannot judge.
  const declared = declaredPairs(contract).filter((pair) => !pair.startsWith(' '))
  const seen = new Set(outcomes.map(pairOf))
  const judged = new Set(outcomes.filter(isMatched).map(pairOf))
  const list = (pairs: readonly string[]): string => pairs.join(', ') || 'none'
  const missing = declared.filter((pair) => seen.has(pair) && !judged.has(pair))
  const text =
    `${declared.filter((pair) => judged.has(pair)).length} of the ${declared.length} pairs of operation and status that ` +
    `the contract declares were judged; seen by the tests and not judged: ${list(missing)}; not seen by the tests: ` +
    list(declared.filter((pair) => !seen.has(pair)))
  return { passed: missing.length === 0, text }
}

interface Tampered extends Replayed {
  readonly name: string
}

const judgeTampered = ({ name, violations }: Tampered): Result => {
  const found = violations.filter(isOf('response'))
  const said = found.length > 0 ? found.map(({ message }) => message).join('; ') : 'nothing'
  return { passed: found.length > 0, text: `${name} is found out: ${said}` }
}
