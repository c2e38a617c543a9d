// Sends recorded requests through prism, one after the other.
import type { OutgoingHttpHeaders } from 'node:http'
import type { Answer, Asked, Exchange, Replayed, Violation } from './exchange.ts'
import type { Carried, Prism } from './proxy.ts'
import { numberHeader, type Upstream } from './upstream.ts'

/** Returns a function that replays an exchange. */
export const createReplay =
  (prism: Prism, upstream: Upstream) =>
  async (exchange: Exchange): Promise<Replayed> => {
    const number = upstream.add(exchange.answer)
    const pass = async (request: Asked) => {
      const numbered = { ...request, headers: withNumber(request.headers, number) }
      // Where prism has ended, the cause may be the request before: one more attempt.
      const answer = (await prism.send(numbered)) ?? (await prism.send(numbered))
      return { answer, refusal: upstream.wasAsked(number) ? undefined : refusalOf(answer) }
    }

    const { answer, refusal: without } = await pass(exchange.request)
    if (without === undefined) return { ...judge(exchange, answer), without }
    const second = await pass(withoutBody(exchange.request))
    if (second.refusal !== undefined) return { lost: second.refusal, violations: [] }
    return { ...judge(exchange, second.answer), without }
  }

const isList = (headers: Asked['headers']): headers is readonly string[] => Array.isArray(headers)

const withNumber = (headers: Asked['headers'], number: number): Asked['headers'] =>
  isList(headers) ? [...headers, numberHeader, String(number)] : { ...headers, [numberHeader]: String(number) }

const refusalOf = (answer: Carried | undefined): string =>
  answer === undefined ? 'it ends prism' : `prism answers ${answer.status} itself`

const ofBody = /^(content-|transfer-encoding$)/i
const withoutBody = ({ headers, ...request }: Asked): Asked => ({
  ...request,
  headers: Object.fromEntries(pairsOf(headers).filter(([name]) => !ofBody.test(name))) as OutgoingHttpHeaders,
  body: undefined,
})

const pairsOf = (headers: Asked['headers']): readonly (readonly [string, unknown])[] =>
  isList(headers)
    ? headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1]] as const] : []))
    : Object.entries(headers)

const judge = ({ request, answer: recorded }: Exchange, answer: Carried | undefined): Replayed => {
  if (answer === undefined) return { lost: 'its answer ends prism', violations: [] }
  const violations = violationsIn(answer)
  const isSame = answer.status === recorded.status && answer.body.toString() === asCarried(recorded)
  if (isSame) return { violations }
  if (request.method === 'HEAD' && isJson(recorded)) return { lost: 'HEAD where GET answers JSON', violations }
  if (recorded.status === 302) return { lost: 'a redirect, which prism follows', violations }
  return { violations, alteredTo: answer.status }
}

/** Reads the violations that prism lists. It cuts off a list that is too long for a header. */
const violationsIn = ({ headers }: Carried): readonly Violation[] => {
  const list = String(headers['sl-violations'] ?? '[]')
  try {
    return JSON.parse(list) as Violation[]
  } catch {
    return [{ location: ['response'], message: `not all was said: ${list.slice(0, 200)}` }]
  }
}

/** The body as prism passes it on. Prism parses and rewrites JSON, and treats everything else as text. */
const asCarried = (recorded: Answer): string => {
  const text = recorded.body.toString()
  return isJson(recorded) && text !== '' ? JSON.stringify(JSON.parse(text)) : text
}

const isJson = ({ headers }: Answer): boolean =>
  pairsOf(headers).some(
    ([name, value]) => /^content-type$/i.test(name) && /^application\/(.*\+)?json\b/i.test(String(value)),
  )
