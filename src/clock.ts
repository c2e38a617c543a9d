import { randomBytes, randomUUID } from 'node:crypto'

/** The port for time and randomness. */
export interface Clock {
  /** Whole seconds since 1970-01-01T00:00:00Z, a NumericDate of RFC 7519. */
  readonly nowSeconds: () => number
  /** A random UUID, version 4 (RFC 9562): 122 bits from a cryptographic source. */
  readonly uuid: () => string
  /** Returns `size` random bytes from a cryptographic source. */
  readonly randomBytes: (size: number) => Buffer
}

export const systemClock: Clock = {
  nowSeconds: () => Math.floor(Date.now() / 1000),
  uuid: () => randomUUID(),
  randomBytes: (size) => randomBytes(size),
}
