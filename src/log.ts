import { type DestinationStream, type Level, type Logger, pino } from 'pino'
import sonicBoom from 'sonic-boom'

export type LogLevel = Level | 'silent'

/** The log of a service. */
export type Log = Logger & {
  /** Writes the entry of a request. */
  readonly request: (entry: RequestEntry) => void
}

/** What the log records about each request. */
export interface RequestEntry {
  readonly id: string
  readonly method: string
  /** The path of the contract or of the page; undefined when the request matches neither. */
  readonly route: string | undefined
  readonly status: number
  readonly milliseconds: number
  /** The username; undefined when the request has no valid token. */
  readonly caller: string | undefined
}

/** A log with access to its destination. */
export interface OpenLog {
  readonly logger: Log
  /** Writes lines that another process has formatted. */
  readonly write: (lines: string) => unknown
  /** Writes the buffered lines. A process calls it last. */
  readonly flush: () => Promise<void>
}

// How much unwritten log we buffer while the disk is full. We drop further lines.
const maxWaitingBytes = 4 * 2 ** 20

/** Opens the log. It writes one JSON line per entry, or formatted text on a terminal. It buffers JSON lines for at most
 * 0.1 s or 16 kB. When a write fails, as on a full disk, it keeps them and tries again.
 * @param options `fd` is the file descriptor to write to. `isOneOfMany`: whether other processes write there, too. */
export const openLog = async (options: {
  readonly level: LogLevel
  readonly isTTY: boolean
  readonly fd: number
  readonly isOneOfMany?: boolean
}): Promise<OpenLog> => {
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
  // pino.destination would retry forever at exit when the lines cannot be written.
  const file = new sonicBoom.SonicBoom({
    fd,
    sync: false,
    contentMode: 'buffer',
    minLength: 16_000,
    maxLength: maxWaitingBytes,
    periodicFlush: 100,
  })
  // Without a listener, an error would end the process.
  file.on('error', () => undefined)
  // Given strings, SonicBoom would copy its whole buffer for each line. Its types do not include buffers.
  const write = (lines: string): unknown => file.write(Buffer.from(lines) as unknown as string)
  return {
    logger: createLogger(level, { write }),
    write,
    flush: async () => {
      // The first flush may end with a write that was under way. The second one writes what was buffered meanwhile.
      await flushed(file)
      await flushed(file)
    },
  }
}

// Resolves after an error, too: SonicBoom's `end` would wait for ever when nobody reads the log any more.
const flushed = (file: InstanceType<typeof sonicBoom.SonicBoom>): Promise<void> =>
  new Promise((resolve) => file.flush(() => resolve()))

/** Creates a log that writes to any stream. */
export const createLogger = (level: LogLevel, destination: DestinationStream): Log => {
  const logger = pino({ level, base: { pid: process.pid } }, destination)
  const isLogged = logger.isLevelEnabled('info')
  return Object.assign(logger, {
    request: (entry: RequestEntry) => {
      if (isLogged) destination.write(requestLine(entry))
    },
  })
}

/** Formats the line that pino would write for `info({ id, method, ... }, 'request')`, at a fraction of the cost. Ids and
 * methods need no escaping. */
const requestLine = ({ id, method, route, status, milliseconds, caller }: RequestEntry): string => {
  const ms = Math.round(milliseconds * 100) / 100
  const start = `{"level":30,"time":${Date.now()},"pid":${process.pid},"id":"${id}","method":"${method}"`
  const routed = route === undefined ? '' : `,"route":${JSON.stringify(route)}`
  const called = caller === undefined ? '' : `,"caller":${JSON.stringify(caller)}`
  return `${start}${routed},"status":${status},"ms":${ms}${called},"msg":"request"}\n`
}
