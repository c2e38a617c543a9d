import { type DestinationStream, type Level, type Logger, pino } from 'pino'
import sonicBoom from 'sonic-boom'

export type LogLevel = Level | 'silent'

export interface Log {
  readonly logger: Logger
  /** Takes lines that another process has made. */
  readonly write: (lines: string) => unknown
  /** Writes out what is buffered; the last thing that a process does. */
  readonly flush: () => Promise<void>
}

// Of lines that cannot be written; what comes after them is lost.
const maxWaitingBytes = 4 * 2 ** 20

/** The log: one JSON line per entry, pretty on a terminal. Lines are gathered for at most half a second, or 4 KiB; where
 * they cannot be written, as on a disk that is full, they wait until they can.
 * @param options `fd`: the file descriptor that they go to; `isOneOfMany`: other processes write there, too */
export const openLog = async (options: {
  readonly level: LogLevel
  readonly isTTY: boolean
  readonly fd: number
  readonly isOneOfMany?: boolean
}): Promise<Log> => {
  const { level, isTTY, fd, isOneOfMany = false } = options
  if (isTTY) {
    const { default: pretty } = await import('pino-pretty')
    const lines = pretty({
      sync: true,
      destination: fd,
      ignore: isOneOfMany ? 'hostname' : 'pid,hostname',
      translateTime: 'SYS:HH:MM:ss',
      singleLine: true,
    })
    return { logger: createLogger(level, lines), write: (text) => lines.write(text), flush: async () => undefined }
  }
  // Not pino.destination, which at the exit tries for ever to write what cannot be written.
  const destination = new sonicBoom.SonicBoom({
    fd,
    sync: false,
    minLength: 4096,
    maxLength: maxWaitingBytes,
    periodicFlush: 500,
  })
  // Nobody listening, an error would end the service.
  destination.on('error', () => undefined)
  return {
    logger: createLogger(level, destination),
    write: (lines) => destination.write(lines),
    // Not the one that waits: where the log cannot be written, or nobody reads it any more, that would be for ever.
    flush: () => new Promise((resolve) => destination.flush(() => resolve())),
  }
}

/** A logger that writes to any stream. */
export const createLogger = (level: LogLevel, destination: DestinationStream): Logger =>
  pino({ level, base: { pid: process.pid } }, destination)
