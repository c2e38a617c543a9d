import { availableParallelism } from 'node:os'
import type { Client, Received, Sent } from './contract-client.ts'
import { type RunningService, startService } from './service.ts'

/** Starts a service that hashes one password at a time, as one worker for each core would: a short line, soon full. */
export const startServiceOfShortLine = (): Promise<RunningService> =>
  startService({ config: { workers: availableParallelism() }, hashCost: 'recommended' })

// One is hashed, 64 wait, and some are done before all have come.
const requests = 65 + 100

/** Sends such a service more requests at once than hashes fit in the line, and returns all answers.
 * @param nth the request of each number, from 0 */
export const overload = (client: Client, nth: (n: number) => Sent): Promise<readonly Received[]> =>
  Promise.all(Array.from({ length: requests }, (_, n) => client(nth(n))))
