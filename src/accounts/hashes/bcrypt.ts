import { createHash } from 'node:crypto'
import { verify } from '@node-rs/bcrypt'
import { everyByte, type Kind, type Reading, whole } from './hash.ts'

// Some 1.5 s.
const maxCost = 14
const heededBytes = 72

const bcrypt = '(?<bcrypt>\\$2[aby]\\$(?<cost>\\d\\d)\\$[./A-Za-z0-9]{53})'

const read: Kind['read'] = ({ bcrypt = '', cost }): Reading => {
  if (Number(cost) < 4 || Number(cost) > maxCost) return { fault: `asks for a cost that is not from 4 to ${maxCost}` }
  const text = withoutSpareBits(bcrypt)
  return { matches: (password) => verify(password, text), heededBytes }
}

const alphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const saltEnd = 28
const digestEnd = 59

/** The last characters of the salt and of the digest have bits that stand for nothing. Some programs leave them as they
 * were; the one that verifies wants them to be 0. */
const withoutSpareBits = (text: string): string => {
  const cleared = (place: number, mask: number): string => alphabet[alphabet.indexOf(text.charAt(place)) & mask] ?? ''
  return (
    text.slice(0, saltEnd) +
    cleared(saltEnd, 0b110000) +
    text.slice(saltEnd + 1, digestEnd) +
    cleared(digestEnd, 0b111100)
  )
}

/** Django's way to heed what is beyond 72 bytes. */
const readSha256: Kind['read'] = (groups, text) => {
  const reading = read(groups, text)
  if ('fault' in reading) return reading
  const digestOf = (password: string): string => createHash('sha256').update(password).digest('hex')
  return { matches: (password) => reading.matches(digestOf(password)), heededBytes: everyByte }
}

export const bcryptKinds: readonly Kind[] = [
  { form: whole(bcrypt), read },
  // Django.
  { form: whole('bcrypt\\$', bcrypt), read },
  { form: whole('bcrypt_sha256\\$', bcrypt), read: readSha256 },
]
