import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import { CommandError } from '../../src/commands/command-error.ts'
import type { Stop } from '../../src/commands/running.ts'
import { serve } from '../../src/commands/serve.ts'
import { emptyFolder } from './process.ts'

export interface Served {
  readonly isServing: boolean
  /** With which it ended instead. */
  readonly status: number | undefined
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
  let printed = ''
  // Not by way of runCommand, which would read a .env of the developer's.
  const outcome = await serve({
    environment,
    stdout: { fd: openSync(file, 'w'), isTTY, write: () => undefined },
    stderr: { write: (text) => (printed += text) },
  }).catch((error: unknown) => {
    if (!(error instanceof CommandError)) throw error
    for (const problem of error.problems) printed += `error: ${problem}\n`
    return error.exitCode
  })
  const lines = (): string[] => printed.split('\n').slice(0, -1)
  const log = (): string => readFileSync(file, 'utf8')
  if (typeof outcome === 'number')
    return { isServing: false, status: outcome, printed: lines(), port: 0, stop: async () => undefined, log }
  let stopping: Promise<void> | undefined
  const stop: Stop = (reason) => (stopping ??= outcome.stop(reason))
  stops.push(stop)
  printed += `${outcome.banner}\n`
  return { isServing: true, status: undefined, printed: lines(), port: outcome.port, stop, log }
}
