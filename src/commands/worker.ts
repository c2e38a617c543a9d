import closeWithGrace from 'close-with-grace'
import type { Stop } from './surroundings.ts'

/** What the primary tells a worker that is to end. */
export interface StopOrder {
  readonly signal: string | undefined
}

// What a terminal or a supervisor sends to all processes at once. A worker leaves it to the primary.
const signals = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const

/** Tells the primary that this worker serves, and stops when the primary says so. */
export const obeyPrimary = (port: number, stop: Stop): void => {
  let order: StopOrder | undefined
  const { close } = closeWithGrace({ delay: 10_000, logger: false, skip: [...signals] }, ({ err }) =>
    stop({ signal: order?.signal, err }),
  )
  for (const signal of signals) process.on(signal, () => undefined)
  process.once('message', (message: StopOrder) => {
    order = message
    close()
  })
  // Nobody is left to hand over connections or to take log lines, for which the usual end of a process would wait.
  process.prependOnceListener('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  process.send?.({ port })
}
