import { availableParallelism } from 'node:os'
import type { Client, Received, Sent } from './contract-client.ts'

/** Sends more requests at once than hashes fit in the line, and returns all answers.
 * @param nth the request of each number, from 0 */
export const overload = (client: Client, nth: (n: number) => Sent): Promise<readonly Received[]> =>
  Promise.all(Array.from({ length: availableParallelism() * 65 + 100 }, (_, n) => client(nth(n))))
