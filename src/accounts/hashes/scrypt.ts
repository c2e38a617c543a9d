import { scrypt, type ScryptOptions, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { base64, everyByte, type Kind, number, paddedBase64, type Reading, whole } from './hash.ts'

// A second or so.
const maxMib = 256

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

interface Parts {
  readonly logN: number
  readonly r: string | undefined
  readonly p: string | undefined
  readonly salt: Buffer
  readonly digest: string | undefined
}

const read = ({ logN, r: blocks, p: lanes, salt, digest = '' }: Parts): Reading => {
  const [N, r, p] = [2 ** logN, Number(blocks), Number(lanes)]
  if (128 * N * r * p > maxMib * 2 ** 20) return { fault: `asks for more than ${maxMib} MiB in all its lanes` }
  // RFC 7914, 6. With a cost of 2, what is beside its memory counts for more, and OpenSSL's bound does not hold.
  if (!Number.isInteger(logN) || logN < 2 || logN >= 16 * r)
    return { fault: 'asks for a cost that scrypt does not have' }
  const expected = Buffer.from(digest, 'base64')
  if (expected.length < 16 || expected.length > 64) return { fault: 'has a digest that is not of 16 to 64 bytes' }
  const options = { N, r, p, maxmem: 2 * maxMib * 2 ** 20 }
  return {
    matches: async (password) => timingSafeEqual(await derive(password, salt, expected.length, options), expected),
    heededBytes: everyByte,
  }
}

export const scryptKinds: readonly Kind[] = [
  // PHC and passlib.
  {
    form: whole(
      `\\$scrypt\\$ln=(?<ln>\\d\\d?),r=(?<r>${number}),p=(?<p>${number})`,
      `\\$(?<salt>${base64})\\$(?<digest>${base64})`,
    ),
    read: ({ ln, r, p, salt = '', digest }) =>
      read({ logN: Number(ln), r, p, salt: Buffer.from(salt, 'base64'), digest }),
  },
  // Django.
  {
    form: whole(
      `scrypt\\$(?<N>${number})\\$(?<salt>[!-#%-~]+)\\$(?<r>${number})\\$(?<p>${number})\\$(?<digest>${paddedBase64})`,
    ),
    read: ({ N, r, p, salt = '', digest }) =>
      read({ logN: Math.log2(Number(N)), r, p, salt: Buffer.from(salt), digest }),
  },
]
