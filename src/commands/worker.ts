import closeWithGrace from 'close-with-grace'
import type { Running } from './running.ts'

/** What the supervisor sends to a worker that is to stop. */
export interface StopOrder {
  readonly signal: string | undefined
}

// What a terminal or a service manager sends to all processes at once. A worker leaves it to its supervisor.
const signals = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const

/** Tells the supervisor that this worker serves, and stops when the supervisor says so. */
export const obeySupervisor = ({ port, stop }: Running): void => {
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
