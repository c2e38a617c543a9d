// A line of ours has some 500 bytes.
const maxBytes = 65_536

/** A line of a file, or what makes it none. */
export interface InputLine {
  /** From 1 on. */
  readonly number: number
  /** Without what ends it. Undefined where it is no text. */
  readonly text: string | undefined
  readonly fault?: string
}

/** The lines of a stream of bytes, however it is cut; no more of it is kept than one line.
 * @param onBytes told how many bytes were read */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  onBytes: (count: number) => void,
): AsyncGenerator<InputLine> {
  let number = 0
  let begun: Buffer[] = []
  let begunBytes = 0

  const begin = (bytes: Buffer): void => {
    begunBytes += bytes.length
    if (begunBytes <= maxBytes) begun.push(bytes)
    else begun = []
  }
  const end = (): InputLine => {
    const line = begunBytes > maxBytes ? tooLong : decode(begun.length === 1 ? begun[0] : Buffer.concat(begun))
    begun = []
    begunBytes = 0
    number += 1
    return { number, ...line }
  }

  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    onBytes(bytes.length)
    let start = 0
    for (let stop = bytes.indexOf(newline); stop >= 0; stop = bytes.indexOf(newline, start)) {
      begin(bytes.subarray(start, stop))
      start = stop + 1
      yield end()
    }
    if (start < bytes.length) begin(bytes.subarray(start))
  }
  if (begunBytes > 0) yield end()
}

const newline = 0x0a
const utf8 = new TextDecoder('utf-8', { fatal: true })
const tooLong = { text: undefined, fault: `has more than ${maxBytes} bytes` }

const decode = (bytes: Uint8Array | undefined): Omit<InputLine, 'number'> => {
  try {
    // JSON takes a carriage return for white space.
    return { text: utf8.decode(bytes) }
  } catch {
    return { text: undefined, fault: 'is not in UTF-8' }
  }
}
