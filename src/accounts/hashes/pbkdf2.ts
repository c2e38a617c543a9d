import { pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { everyByte, type HashFormat, number, paddedBase64, type ParsedHash, patternOf } from './hash.ts'

// At this limit a verification takes about a second.
const maxIterations = 2_000_000

const derive = promisify(pbkdf2)
// passlib writes base64 with dots in place of plus signs.
const dotted = '[A-Za-z0-9./]+'
const bytesOf = (text = ''): Buffer => Buffer.from(text.replaceAll('.', '+'), 'base64')

const digestBytes = new Map([
  ['sha1', 20],
  ['sha256', 32],
  ['sha512', 64],
])

interface Parts {
  readonly algorithm: string
  readonly iterations: string | undefined
  readonly salt: Buffer
  readonly digest: Buffer
}

const parse = ({ algorithm, iterations, salt, digest }: Parts): ParsedHash => {
  const count = Number(iterations)
  if (count > maxIterations) return { fault: `uses more than ${maxIterations} iterations` }
  // A longer digest would multiply the iterations (RFC 8018, 5.2).
  if (digest.length !== digestBytes.get(algorithm))
    return { fault: 'has a digest whose length does not fit its algorithm' }
  return {
    matches: async (password) => timingSafeEqual(await derive(password, salt, count, digest.length, algorithm), digest),
    significantBytes: everyByte,
  }
}

export const pbkdf2Formats: readonly HashFormat[] = [
  // passlib's format.
  {
    pattern: patternOf(
      `\\$pbkdf2(?:-(?<algorithm>sha256|sha512))?`,
      `\\$(?<iterations>${number})\\$(?<salt>${dotted})\\$(?<digest>${dotted})`,
    ),
    parse: ({ algorithm = 'sha1', iterations, salt, digest }) =>
      parse({ algorithm, iterations, salt: bytesOf(salt), digest: bytesOf(digest) }),
  },
  // Django's format.
  {
    pattern: patternOf(
      `pbkdf2_(?<algorithm>sha1|sha256|sha512)`,
      `\\$(?<iterations>${number})\\$(?<salt>[!-#%-~]+)\\$(?<digest>${paddedBase64})`,
    ),
    parse: ({ algorithm = '', iterations, salt = '', digest }) =>
      parse({ algorithm, iterations, salt: Buffer.from(salt), digest: bytesOf(digest) }),
  },
]
