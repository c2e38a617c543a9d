import { scrypt, type ScryptOptions, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { base64, everyByte, type HashFormat, number, paddedBase64, type ParsedHash, patternOf } from './hash.ts'

// At this limit a verification takes about a second.
const maxMib = 256

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

interface Parts {
  readonly logN: number
  readonly r: string | undefined
  readonly p: string | undefined
  readonly salt: Buffer
  readonly digest: string | undefined
}

const parse = ({ logN, r: blocks, p: lanes, salt, digest = '' }: Parts): ParsedHash => {
  const [N, r, p] = [2 ** logN, Number(blocks), Number(lanes)]
  if (128 * N * r * p > maxMib * 2 ** 20) return { fault: `requires more than ${maxMib} MiB over all its lanes` }
  // RFC 7914 (6) requires N < 2^(16 r). We also refuse N = 2: OpenSSL would need more than maxmem.
  if (!Number.isInteger(logN) || logN < 2 || logN >= 16 * r) return { fault: 'has a cost that scrypt does not allow' }
  const expected = Buffer.from(digest, 'base64')
  if (expected.length < 16 || expected.length > 64) return { fault: 'has a digest that is not 16 to 64 bytes long' }
  const options = { N, r, p, maxmem: 2 * maxMib * 2 ** 20 }
  return {
    matches: async (password) => timingSafeEqual(await derive(password, salt, expected.length, options), expected),
    significantBytes: everyByte,
  }
}

export const scryptFormats: readonly HashFormat[] = [
  // The PHC format, which passlib writes, too.
  {
    pattern: patternOf(
      `\\$scrypt\\$ln=(?<ln>\\d\\d?),r=(?<r>${number}),p=(?<p>${number})`,
      `\\$(?<salt>${base64})\\$(?<digest>${base64})`,
    ),
    parse: ({ ln, r, p, salt = '', digest }) =>
      parse({ logN: Number(ln), r, p, salt: Buffer.from(salt, 'base64'), digest }),
  },
  // Django's format.
  {
    pattern: patternOf(
      `scrypt\\$(?<N>${number})\\$(?<salt>[!-#%-~]+)\\$(?<r>${number})\\$(?<p>${number})\\$(?<digest>${paddedBase64})`,
    ),
    parse: ({ N, r, p, salt = '', digest }) =>
      parse({ logN: Math.log2(Number(N)), r, p, salt: Buffer.from(salt), digest }),
  },
]
