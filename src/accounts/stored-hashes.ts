import { argon2Formats } from './hashes/argon2.ts'
import { bcryptFormats } from './hashes/bcrypt.ts'
import type { ParsedHash } from './hashes/hash.ts'
import { pbkdf2Formats } from './hashes/pbkdf2.ts'
import { scryptFormats } from './hashes/scrypt.ts'

const maxLength = 512
const formats = [...argon2Formats, ...bcryptFormats, ...scryptFormats, ...pbkdf2Formats]

/** Parses an argon2id, argon2i, bcrypt, scrypt or PBKDF2 hash in the format of PHC, passlib or Django. It refuses a
 * hash whose verification would take too much time or memory for a log-in. */
export const parseHash = (text: string): ParsedHash => {
  if (text.length <= maxLength) {
    for (const { pattern, parse } of formats) {
      const match = pattern.exec(text)
      if (match) return parse(match.groups ?? {}, text)
    }
  }
  return { fault: 'is not an argon2id, argon2i, bcrypt, scrypt or PBKDF2 hash in a supported format' }
}
