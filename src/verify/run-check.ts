import type { Conformance } from '../contract/conformance.ts'
import type { Check, Result } from './checks.ts'
import type { Outgoing, Received, Send } from './exchange.ts'

/** Sends the request of a check, and says which rules the answer breaks.
 * @param onAnswer is told of the answer, if one came */
export const runCheck = async (
  check: Check,
  send: Send,
  conformance: Conformance,
  onAnswer: (outgoing: Outgoing, answer: Received) => void,
): Promise<Result> => {
  const start = performance.now()
  const { operationId, title } = check
  const finish = (broken: readonly string[], outgoing?: Outgoing, status?: number): Result => ({
    operationId,
    title,
    broken: [...new Set(broken)],
    outgoing,
    status,
    seconds: (performance.now() - start) / 1000,
  })
  let outgoing: Outgoing | undefined
  try {
    outgoing = await check.request()
    const answer = await send(outgoing)
    onAnswer(outgoing, answer)
    const declared = outgoing.method === 'HEAD' ? { ...answer, body: undefined } : answer
    const unexpected = expectation(check, answer)
    const also = unexpected.length === 0 ? (check.also?.(answer) ?? []) : []
    return finish([...unexpected, ...conformance(operationId, declared), ...also], outgoing, answer.status)
  } catch (error) {
    return finish([(error as Error).message], outgoing)
  }
}

const expectation = ({ expected }: Check, { status }: Received): readonly string[] => {
  if (expected === 'success')
    return status >= 200 && status < 300 ? [] : [`the status must be from 200 to 299, not ${status}`]
  return status === expected ? [] : [`the status must be ${expected}, not ${status}`]
}
