import { argon2Kinds } from './hashes/argon2.ts'
import { bcryptKinds } from './hashes/bcrypt.ts'
import type { Reading } from './hashes/hash.ts'
import { pbkdf2Kinds } from './hashes/pbkdf2.ts'
import { scryptKinds } from './hashes/scrypt.ts'

const maxLength = 512
const kinds = [...argon2Kinds, ...bcryptKinds, ...scryptKinds, ...pbkdf2Kinds]

/** Reads a hash that was made here or elsewhere: argon2id, argon2i, bcrypt, scrypt or PBKDF2, in the forms of PHC, passlib
 * and Django. One that asks for much more time or memory than a log-in may take is at fault, however well it is formed. */
export const readHash = (text: string): Reading => {
  if (text.length <= maxLength) {
    for (const { form, read } of kinds) {
      const match = form.exec(text)
      if (match) return read(match.groups ?? {}, text)
    }
  }
  return { fault: 'is no argon2id, argon2i, bcrypt, scrypt or PBKDF2 hash in a form that is taken here' }
}
