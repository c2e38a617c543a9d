/** Converts a UUID in text form to its 16 bytes (RFC 9562, 4). */
export const bytesOf = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex')

/** Converts 16 bytes to the text form of a UUID, in lower case. */
export const uuidOf = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5')
