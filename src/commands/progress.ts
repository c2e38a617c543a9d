/** Shows the progress of a command in one line, on a terminal only. */
export interface Progress {
  /** @param total undefined if it is unknown */
  readonly show: (done: number, total: number | undefined, now: string) => void
  readonly clear: () => void
}

export interface TerminalStream {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly write: (text: string, onWritten?: (error?: Error | null) => void) => unknown
}

const barWidth = 24
const back = '\r\u001b[K'

/** @param stream the standard error, because the standard output is for the result
 * @param format writes the numbers */
export const createProgress = (stream: TerminalStream, format: (number: number) => string = String): Progress => ({
  show: (done, total, now) => {
    if (!stream.isTTY) return
    const bar =
      total === undefined ? `${format(done)} ${now}` : `${barOf(done / total)} ${format(done)}/${format(total)} ${now}`
    stream.write(`${back}${[...bar].slice(0, (stream.columns ?? 80) - 1).join('')}`)
  },
  clear: () => {
    if (stream.isTTY) stream.write(back)
  },
})

const barOf = (part: number): string => {
  const filled = Math.round(barWidth * Math.min(part, 1))
  return `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`
}
