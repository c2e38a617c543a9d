import { type DestinationStream, type Level, type Logger, pino } from 'pino'

export type LogLevel = Level | 'silent'

export interface Log {
  readonly logger: Logger
  /** Writes out what is buffered; the last thing that a process does. */
  readonly flush: () => void
}

/** The log: one JSON line per entry on the standard output, pretty on a terminal. Lines are gathered for at most
 * half a second, or 4 KiB. */
export const openLog = async ({ level, isTerminal }: { level: LogLevel; isTerminal: boolean }): Promise<Log> => {
  if (isTerminal) {
    const { default: pretty } = await import('pino-pretty')
    return {
      logger: createLogger(level, pretty({ sync: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' })),
      flush: () => undefined,
    }
  }
  const destination = pino.destination({ dest: 1, sync: false, minLength: 4096, periodicFlush: 500 })
  return { logger: createLogger(level, destination), flush: () => destination.flushSync() }
}

/** A logger that writes to any stream. */
export const createLogger = (level: LogLevel, destination: DestinationStream): Logger =>
  pino({ level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, destination)
