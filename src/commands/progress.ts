/** A line that says how far something is; on a terminal alone, and gone at the end. */
export interface Progress {
  readonly show: (done: number, total: number, now: string) => void
  readonly clear: () => void
}

export interface TerminalStream {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly write: (text: string) => unknown
}

const barWidth = 24
const back = '\r\u001b[K'

/** @param stream the standard error, since the standard output is for the result */
export const createProgress = (stream: TerminalStream): Progress => ({
  show: (done, total, now) => {
    if (!stream.isTTY) return
    const filled = Math.round((barWidth * Math.min(done, total)) / total)
    const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${done}/${total} ${now}`
    stream.write(`${back}${[...bar].slice(0, (stream.columns ?? 80) - 1).join('')}`)
  },
  clear: () => {
    if (stream.isTTY) stream.write(back)
  },
})
