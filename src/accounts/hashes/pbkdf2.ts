import { pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { everyByte, type Kind, number, paddedBase64, type Reading, whole } from './hash.ts'

// A second or so.
const maxIterations = 2_000_000

const derive = promisify(pbkdf2)
// passlib has dots for the plus signs of base64.
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

const read = ({ algorithm, iterations, salt, digest }: Parts): Reading => {
  const count = Number(iterations)
  if (count > maxIterations) return { fault: `asks for more than ${maxIterations} iterations` }
  // A longer one would take as many iterations again.
  if (digest.length !== digestBytes.get(algorithm))
    return { fault: 'has a digest that is not of the size of its algorithm' }
  return {
    matches: async (password) => timingSafeEqual(await derive(password, salt, count, digest.length, algorithm), digest),
    heededBytes: everyByte,
  }
}

export const pbkdf2Kinds: readonly Kind[] = [
  // passlib.
  {
    form: whole(
      `\\$pbkdf2(?:-(?<algorithm>sha256|sha512))?`,
      `\\$(?<iterations>${number})\\$(?<salt>${dotted})\\$(?<digest>${dotted})`,
    ),
    read: ({ algorithm = 'sha1', iterations, salt, digest }) =>
      read({ algorithm, iterations, salt: bytesOf(salt), digest: bytesOf(digest) }),
  },
  // Django.
  {
    form: whole(
      `pbkdf2_(?<algorithm>sha1|sha256|sha512)`,
      `\\$(?<iterations>${number})\\$(?<salt>[!-#%-~]+)\\$(?<digest>${paddedBase64})`,
    ),
    read: ({ algorithm = '', iterations, salt = '', digest }) =>
      read({ algorithm, iterations, salt: Buffer.from(salt), digest: bytesOf(digest) }),
  },
]
