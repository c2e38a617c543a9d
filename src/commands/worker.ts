import closeWithGrace from 'close-with-grace'
import type { Running } from './running.ts'

/** The supervisor sends this message to stop a worker. */
export interface StopMessage {
  readonly signal: string | undefined
}

// A terminal or a service manager sends these to all processes at once. A worker ignores them, because its supervisor
// stops it.
const signals = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const

/** Tells the supervisor that this worker serves, and stops it when the supervisor sends a StopMessage. */
export const connectToSupervisor = ({ port, stop }: Running): void => {
  let stopMessage: StopMessage | undefined
  const { close } = closeWithGrace({ delay: 10_000, logger: false, skip: [...signals] }, ({ err }) =>
    stop({ signal: stopMessage?.signal, err }),
  )
  for (const signal of signals) process.on(signal, () => undefined)
  process.once('message', (message: StopMessage) => {
    stopMessage = message
    close()
  })
  // Without a supervisor, no connections arrive and nobody reads the log. A graceful stop would wait for both.
  process.prependOnceListener('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  process.send?.({ port })
}
