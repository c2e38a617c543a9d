import { type DestinationStream, type Level, type Logger, pino } from 'pino'

export type LogLevel = Level | 'silent'

export interface Log {
  readonly logger: Logger
  /** Writes out what is buffered; the last thing that a process does. */
  readonly flush: () => void
}

/** The log: one JSON line per entry, pretty on a terminal. Lines are gathered for at most half a second, or 4 KiB.
 * @param fd the file descriptor that they go to */
export const openLog = async ({ level, isTTY, fd }: { level: LogLevel; isTTY: boolean; fd: number }): Promise<Log> => {
  if (isTTY) {
    const { default: pretty } = await import('pino-pretty')
    const lines = pretty({
      sync: true,
      destination: fd,
      ignore: 'pid,hostname',
      translateTime: 'SYS:HH:MM:ss',
      singleLine: true,
    })
    return { logger: createLogger(level, lines), flush: () => undefined }
  }
  const destination = pino.destination({ dest: fd, sync: false, minLength: 4096, periodicFlush: 500 })
  return { logger: createLogger(level, destination), flush: () => destination.flushSync() }
}

/** A logger that writes to any stream. */
export const createLogger = (level: LogLevel, destination: DestinationStream): Logger =>
  pino({ level, base: { pid: process.pid } }, destination)
