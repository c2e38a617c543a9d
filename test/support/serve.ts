import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import { serve } from '../../src/commands/serve.ts'
import type { Stop } from '../../src/commands/surroundings.ts'
import { emptyFolder } from './process.ts'

export interface Served {
  readonly isServing: boolean
  /** The lines for a person. */
  readonly printed: readonly string[]
  readonly port: number
  readonly stop: Stop
  /** What the log has by now. */
  readonly log: () => string
}

const stops: Stop[] = []
afterAll(() => Promise.all(stops.map((stop) => stop({}))))

/** Runs `sesame serve` within this process, which is faster than one of its own.
 * @param isTTY whether it takes its log for a terminal */
export const serveHere = async (
  environment: Readonly<Record<string, string>>,
  { isTTY = false } = {},
): Promise<Served> => {
  const file = join(emptyFolder(), 'log')
  const printed: string[] = []
  let port = 0
  let stopping: Promise<void> | undefined
  let begun: Stop = async () => undefined
  const stop: Stop = (reason) => (stopping ??= begun(reason))
  const isServing = await serve({
    environment,
    stdout: { fd: openSync(file, 'w'), isTTY },
    print: (line) => printed.push(line),
    onServing: (bound, given) => {
      port = bound
      begun = given
    },
  })
  if (isServing) stops.push(stop)
  return { isServing, printed, port, stop, log: () => readFileSync(file, 'utf8') }
}
