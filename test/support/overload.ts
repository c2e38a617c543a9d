import { availableParallelism } from 'node:os'
import type { Client, Received, Sent } from './contract-client.ts'
import { type RunningService, startService } from './service.ts'

/** Starts a service that hashes one password at a time, as one of several workers does. Its queue is soon full. */
export const startServiceWithShortQueue = (): Promise<RunningService> =>
  startService({ config: { workers: availableParallelism() }, hashCost: 'recommended' })

// One request is hashed and 64 wait. The others cover those that finish before the last request arrives.
const requests = 65 + 100

/** Sends more requests at once than the queue of such a service holds, and returns all responses.
 * @param nth makes the request of a number, from 0 */
export const overload = (client: Client, nth: (n: number) => Sent): Promise<readonly Received[]> =>
  Promise.all(Array.from({ length: requests }, (_, n) => client(nth(n))))
