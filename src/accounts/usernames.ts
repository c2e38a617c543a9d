import { createHash } from 'node:crypto'

const maxLength = 64

// Category C holds control, format, surrogate, private-use and unassigned characters.
const forbidden = /[\p{C}\p{White_Space}\p{Default_Ignorable_Code_Point}]/u

/** Maps names that differ only in case or Unicode form to one text: NFKC and lower case (UAX 15). Lower-casing can undo
 * NFKC, so NFKC is applied again. */
const normalize = (username: string): string => username.normalize('NFKC').toLowerCase().normalize('NFKC')

/** Returns the id of the account with this name: the SHA-256 of the normalised name, in 64 hexadecimal digits. The
 * store keeps the id of a deleted account, so nobody can register its name again. */
export const accountId = (username: string): string => createHash('sha256').update(normalize(username)).digest('hex')

/** Returns the rule that a name breaks, or undefined. It checks the name before and after normalisation, because
 * normalisation can turn one character into 18 or into white space.
 * @param username at least one character */
export const usernameFault = (username: string): string | undefined => {
  for (const form of [username, normalize(username)]) {
    if (forbidden.test(form)) return 'must not contain white space, control or invisible characters'
    if ([...form].length > maxLength) return `must have at most ${maxLength} characters, before and after normalisation`
  }
  return undefined
}
