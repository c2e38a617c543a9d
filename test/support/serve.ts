import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Stop } from '../../src/commands/running.ts'
import { runCommand } from '../../src/commands/run-command.ts'
import { atEnd } from './at-end.ts'
import { emptyFolder } from './process.ts'

export interface Served {
  readonly isServing: boolean
  /** The exit status, where it does not serve. */
  readonly status: number | undefined
  /** The lines on standard error. */
  readonly printed: readonly string[]
  readonly port: number
  readonly stop: Stop
  /** The log so far. */
  readonly log: () => string
}

/** Runs `sesame serve` within this process, which is faster than a new process.
 * @param isTTY whether the log seems to go to a terminal */
export const serveHere = async (
  environment: Readonly<Record<string, string>>,
  { isTTY = false } = {},
): Promise<Served> => {
  const file = join(emptyFolder(), 'log')
  let printed = ''
  const outcome = await runCommand(['serve'], {
    environment,
    stdin: () => process.stdin,
    stdout: { fd: openSync(file, 'w'), isTTY, write: () => undefined },
    stderr: { write: (text) => (printed += text) },
  })
  const lines = (): string[] => printed.split('\n').slice(0, -1)
  const log = (): string => readFileSync(file, 'utf8')
  if (typeof outcome === 'number')
    return { isServing: false, status: outcome, printed: lines(), port: 0, stop: async () => undefined, log }
  let stopping: Promise<void> | undefined
  const stop: Stop = (reason) => (stopping ??= outcome.stop(reason))
  atEnd(() => stop({}))
  printed += `${outcome.banner}\n`
  return { isServing: true, status: undefined, printed: lines(), port: outcome.port, stop, log }
}
