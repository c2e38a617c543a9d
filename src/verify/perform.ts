import type { Material } from './checks.ts'
import type { Received } from './exchange.ts'
import { outgoingOf, type Right } from './right-requests.ts'
import { failureOf } from './session.ts'

/** Sends a request that a check needs first.
 * @throws Error when it does not succeed */
export const perform = async (
  { host, send }: Pick<Material, 'host' | 'send'>,
  right: Right,
  change: Parameters<typeof outgoingOf>[2] = {},
): Promise<Received> => {
  const answer = await send(outgoingOf(host, right, change))
  if (answer.status >= 300) {
    throw failureOf(`${right.operation.id} is needed for this, but has failed`, answer)
  }
  return answer
}
