// The lines of an export have about 500 bytes.
const maxBytes = 65_536

/** A line of a file, or the reason why it has no text. */
export interface InputLine {
  /** Counts from 1. */
  readonly number: number
  /** The text without the line feed; undefined when the line is too long or not UTF-8. */
  readonly text: string | undefined
  readonly fault?: string
}

/** Splits a stream of bytes into lines. It keeps at most one line in memory.
 * @param onBytes receives the size of each chunk */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  onBytes: (count: number) => void,
): AsyncGenerator<InputLine> {
  let number = 0
  let pending: Buffer[] = []
  let pendingBytes = 0

  const append = (bytes: Buffer): void => {
    pendingBytes += bytes.length
    if (pendingBytes <= maxBytes) pending.push(bytes)
    else pending = []
  }
  const finish = (): InputLine => {
    const line = pendingBytes > maxBytes ? tooLong : decode(pending.length === 1 ? pending[0] : Buffer.concat(pending))
    pending = []
    pendingBytes = 0
    number += 1
    return { number, ...line }
  }

  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    onBytes(bytes.length)
    let start = 0
    for (let stop = bytes.indexOf(newline); stop >= 0; stop = bytes.indexOf(newline, start)) {
      append(bytes.subarray(start, stop))
      start = stop + 1
      yield finish()
    }
    if (start < bytes.length) append(bytes.subarray(start))
  }
  if (pendingBytes > 0) yield finish()
}

const newline = 0x0a
const utf8 = new TextDecoder('utf-8', { fatal: true })
const tooLong = { text: undefined, fault: `is longer than ${maxBytes} bytes` }

const decode = (bytes: Uint8Array | undefined): Omit<InputLine, 'number'> => {
  try {
    // A carriage return may remain: it is white space in JSON.
    return { text: utf8.decode(bytes) }
  } catch {
    return { text: undefined, fault: 'is not valid UTF-8' }
  }
}
