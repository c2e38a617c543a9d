import { setTimeout as delay } from 'node:timers/promises'
import type { Config } from '../config.ts'
import { openLog } from '../log.ts'
import { openCrew } from './crew.ts'
import { listen } from './listen.ts'
import type { Surroundings } from './surroundings.ts'

// A worker that lived for so long has not died of its start.
const soundMilliseconds = 10_000
const maxPauseMilliseconds = 5_000
const maxFailedStarts = 5

/** Serves by several processes on one port. Each one that ends is replaced, after a pause that grows while they end soon.
 * When none is left and none can be started, that is an error that nobody catches.
 * @returns the port, once they serve; undefined when a setting does not allow it or none can be started, which is then
 * printed */
export const serveByWorkers = async (config: Config, surroundings: Surroundings): Promise<number | undefined> => {
  const { environment, stdout, print, onServing } = surroundings
  // Only to see whether it can be had, and which one 0 is.
  const probe = await listen(config, print)
  if (!probe) return undefined
  await probe.close(0)

  const { port } = probe
  const { logger: log, write, flush } = await openLog({ level: config.logLevel, ...stdout, isOneOfMany: true })
  const crew = openCrew({ ...environment, PORT: String(port) }, stdout.isTTY ? undefined : write)
  const run = { hasBegun: false }

  /** Keeps one place filled. `onFilled`: somebody serves there, or it is given up for the moment. */
  const fill = async (onFilled: () => void): Promise<void> => {
    let failedStarts = 0
    let failures = 0
    while (!crew.isDismissed()) {
      const hand = crew.hire()
      const isServing = await hand.serves
      if (isServing) onFilled()
      const { code, signal, milliseconds } = await hand.ended
      if (crew.isDismissed()) return
      log.error({ worker: hand.pid, code, signal }, 'a worker has ended')
      failedStarts = isServing ? 0 : failedStarts + 1
      if (failedStarts >= maxFailedStarts) {
        if (crew.serving() === 0)
          throw new Error(`No worker is left: the last ${failedStarts} ended before they served (${signal ?? code})`)
        onFilled()
      }
      failures = isServing && milliseconds > soundMilliseconds ? 0 : failures + 1
      await delay(pauseOf(failures))
    }
  }
  const place = (): Promise<void> =>
    new Promise((resolve, reject) => {
      fill(resolve).catch((error: unknown) => {
        if (run.hasBegun) throw error
        reject(error instanceof Error ? error : new Error(String(error)))
      })
    })
  try {
    await Promise.all(Array.from({ length: config.workers }, place))
  } catch (error) {
    await crew.dismiss()
    await flush()
    print(`error: ${(error as Error).message}.`)
    return undefined
  }
  run.hasBegun = true
  onServing(port, async ({ signal, err }) => {
    if (err) log.fatal({ err }, 'crashed')
    await crew.dismiss(signal)
    await flush()
  })
  return port
}

/** None at first, then longer and longer. */
const pauseOf = (failures: number): number =>
  failures <= 1 ? 0 : Math.min(maxPauseMilliseconds, 100 * 2 ** failures) * (0.5 + Math.random() / 2)
