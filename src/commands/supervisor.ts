import { setTimeout as delay } from 'node:timers/promises'
import type { Config } from '../config.ts'
import { openLog } from '../log.ts'
import { CommandError } from './command-error.ts'
import type { ServeContext } from './command.ts'
import { listen } from './listen.ts'
import type { Running } from './running.ts'
import { createWorkers } from './workers.ts'

// A worker that lives this long started without a fault.
const earlyEndMilliseconds = 10_000
const maxPauseMilliseconds = 5_000
const maxFailedStarts = 5

/** Starts several workers on one port, and resolves once they serve. It replaces a worker that ends, after a pause. The
 * pause grows while workers end soon after their start. If no worker is left and none starts, the process ends with an
 * unhandled rejection.
 * @throws CommandError if the port is not available, or no worker can be started */
export const supervise = async (
  config: Config,
  { environment, stdout }: ServeContext,
): Promise<Pick<Running, 'port' | 'stop'>> => {
  // The workers listen later. The probe checks that the port is available, and chooses a port if PORT is 0.
  const probe = await listen(config)
  await probe.close(0)
  const { port } = probe
  const { fd, isTTY = false } = stdout
  const { logger: log, write, flush } = await openLog({ level: config.logLevel, fd, isTTY, isOneOfMany: true })
  const workers = createWorkers({ ...environment, PORT: String(port) }, isTTY ? undefined : write)

  /** Keeps one worker running: starts another one whenever it ends.
   * @param onSettled called once a worker serves, or after `maxFailedStarts` failed starts while others serve */
  const keepServing = async (onSettled: () => void): Promise<void> => {
    let failedStarts = 0
    let earlyEnds = 0
    while (!workers.isStopping()) {
      const worker = workers.start()
      const isServing = await worker.isServing
      if (isServing) onSettled()
      const { code, signal, milliseconds } = await worker.ended
      if (workers.isStopping()) return
      log.error({ worker: worker.pid, code, signal }, 'a worker has ended')
      failedStarts = isServing ? 0 : failedStarts + 1
      if (failedStarts >= maxFailedStarts) {
        if (workers.servingCount() === 0)
          throw new CommandError(
            `No worker is left: the last ${failedStarts} ended before they served (${signal ?? code}).`,
          )
        onSettled()
      }
      earlyEnds = isServing && milliseconds > earlyEndMilliseconds ? 0 : earlyEnds + 1
      await delay(pauseAfter(earlyEnds))
    }
  }
  const stop: Running['stop'] = async ({ signal, err }) => {
    if (err) log.fatal({ err }, 'crashed')
    await workers.stop(signal)
    await flush()
  }

  const settled: Promise<void>[] = []
  const kept: Promise<void>[] = []
  for (let i = 0; i < config.workers; i += 1) settled.push(new Promise((resolve) => kept.push(keepServing(resolve))))
  const allKept = Promise.all(kept)
  try {
    await Promise.race([Promise.all(settled), allKept])
  } catch (error) {
    await stop({})
    throw error
  }
  // A later rejection stays unhandled on purpose: it ends the process.
  void allKept.then(() => undefined)
  return { port, stop }
}

/** In milliseconds: none after one early end, then exponentially longer. */
const pauseAfter = (earlyEnds: number): number =>
  earlyEnds <= 1 ? 0 : Math.min(maxPauseMilliseconds, 100 * 2 ** earlyEnds) * (0.5 + Math.random() / 2)
