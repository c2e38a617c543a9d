import type { Conformance } from '../../contract/conformance.ts'
import type { Check, Expected, Result } from '../check.ts'
import type { ExampleRule, Seen } from './examples.ts'
import type { Outgoing, Received, Send } from './exchange.ts'

export interface CheckRunner {
  readonly send: Send
  readonly conformance: Conformance
  readonly exampleRule: ExampleRule
  /** Receives the response to each check that got one. */
  readonly onResponse: (seen: Seen) => void
}

/** Sends the request of a check, and reports the rules that the response breaks. */
export const runCheck = async (
  check: Check,
  { send, conformance, exampleRule, onResponse }: CheckRunner,
): Promise<Result> => {
  const { operationId, title, expected, equalsExample = false, also } = check
  const start = performance.now()
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
    const response = await send(outgoing)
    onResponse({ operationId, outgoing, response })
    const unexpected = statusRule(expected, response)
    const declared = conformance(operationId, outgoing.method === 'HEAD' ? { ...response, body: undefined } : response)
    // The other requirements do not apply to a response with another status.
    const demanded = unexpected.length > 0 ? [] : (also?.(response) ?? [])
    const shown = unexpected.length > 0 || !equalsExample ? [] : exampleRule(operationId, response)
    return finish([...unexpected, ...declared, ...demanded, ...shown], outgoing, response.status)
  } catch (error) {
    return finish([(error as Error).message], outgoing)
  }
}

const statusRule = (expected: Expected, { status }: Received): readonly string[] => {
  if (expected === 'success')
    return status >= 200 && status < 300 ? [] : [`the status must be from 200 to 299, not ${status}`]
  return status === expected ? [] : [`the status must be ${expected}, not ${status}`]
}
