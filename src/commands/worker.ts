import closeWithGrace from 'close-with-grace'
import type { Running } from './running.ts'

/** What the supervisor sends to a worker that is to stop. */
export interface StopOrder {
  readonly signal: string | undefined
}

// A terminal or a service manager sends these to all processes at once. A worker ignores them, because its supervisor
// stops it.
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
  // Without a supervisor, nobody hands over connections or takes log lines. A graceful stop would wait for both.
  process.prependOnceListener('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  process.send?.({ port })
}
