import { createHash } from 'node:crypto'

const maxLength = 64

// Category C holds control, format, surrogate, private-use and unassigned characters.
const forbidden = /[\p{C}\p{White_Space}\p{Default_Ignorable_Code_Point}]/u

/** What two spellings of one name have in common (NFKC and lower case). Lower-casing can undo the normal
 * form, hence twice. */
const normalize = (username: string): string => username.normalize('NFKC').toLowerCase().normalize('NFKC')

/** The id of the account with this name, in any of its spellings: the SHA-256 of the normalised name, 64 hexadecimal
 * digits. It outlives the account, so that the name is not given out again, and does not show it. */
export const accountId = (username: string): string => createHash('sha256').update(normalize(username)).digest('hex')

/** What is wrong with a name, or undefined. The rules hold before and after normalisation, which can expand a
 * character to 18 and turn others into white space.
 * @param username at least one character */
export const usernameFault = (username: string): string | undefined => {
  for (const form of [username, normalize(username)]) {
    if (forbidden.test(form)) return 'must not contain white space, control or invisible characters'
    if ([...form].length > maxLength) return `must have at most ${maxLength} characters, before and after normalisation`
  }
  return undefined
}
