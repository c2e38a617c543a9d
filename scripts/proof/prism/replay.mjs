// Sends recorded requests through prism, one after the other, and tells what became of each.
import { numberHeader } from './upstream.mjs'

/** @returns a function that takes an exchange to `{ violations, without, lost, alteredTo }`:
 * `violations`: what prism has to say of it.
 * `without`: prism does not pass on the request, and why; one without its body was sent in its place.
 * `lost`: nor that one, or not its answer, and why.
 * `alteredTo`: the status of an answer that is not upstream's, for no known reason. */
export const createReplay = (prism, upstream) => async (exchange) => {
  const number = upstream.play(exchange.answer)
  const pass = async (request) => {
    const numbered = { ...request, headers: withNumber(request.headers, number) }
    // Once more after an end, which may be the doing of the request before it.
    const answer = (await prism.send(numbered)) ?? (await prism.send(numbered))
    return { answer, refusal: upstream.wasAsked(number) ? undefined : refusalOf(answer) }
  }

  const { answer, refusal: without } = await pass(exchange.request)
  if (without === undefined) return { ...judge(exchange, answer), without }
  const second = await pass(withoutBody(exchange.request))
  if (second.refusal !== undefined) return { lost: second.refusal, violations: [] }
  return { ...judge(exchange, second.answer), without }
}

const withNumber = (headers, number) =>
  Array.isArray(headers) ? [...headers, numberHeader, String(number)] : { ...headers, [numberHeader]: String(number) }

const refusalOf = (answer) => (answer === undefined ? 'it ends prism' : `prism answers ${answer.status} itself`)

const ofBody = /^(content-|transfer-encoding$)/i
const withoutBody = ({ headers, ...request }) => ({
  ...request,
  headers: Object.fromEntries(pairsOf(headers).filter(([name]) => !ofBody.test(name))),
  body: undefined,
})

const pairsOf = (headers) =>
  Array.isArray(headers)
    ? headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1]]] : []))
    : Object.entries(headers)

const judge = ({ request, answer: recorded }, answer) => {
  if (answer === undefined) return { lost: 'its answer ends prism', violations: [] }
  const violations = violationsIn(answer)
  const isSame = answer.status === recorded.status && answer.body.toString() === asCarried(recorded)
  if (isSame) return { violations }
  if (request.method === 'HEAD' && isJson(recorded)) return { lost: 'HEAD where GET answers JSON', violations }
  if (recorded.status === 302) return { lost: 'a redirect, which prism follows', violations }
  return { violations, alteredTo: answer.status }
}

/** What prism has to say of an exchange; of a list that is too long for a header it says only the beginning. */
const violationsIn = ({ headers: { 'sl-violations': list = '[]' } }) => {
  try {
    return JSON.parse(list)
  } catch {
    return [{ location: ['response'], message: `not all was said: ${list.slice(0, 200)}` }]
  }
}

/** The body as prism passes it on: JSON is read and written again, all else is taken for text. */
const asCarried = (recorded) => {
  const text = recorded.body.toString()
  return isJson(recorded) && text !== '' ? JSON.stringify(JSON.parse(text)) : text
}

const isJson = ({ headers }) =>
  pairsOf(headers).some(([name, value]) => /^content-type$/i.test(name) && /^application\/(.*\+)?json\b/i.test(value))
