import { createHash } from 'node:crypto'
import { verify } from '@node-rs/bcrypt'
import { everyByte, type HashFormat, type ParsedHash, patternOf } from './hash.ts'

// At this cost a verification takes about 1.5 s.
const maxCost = 14
const significantBytes = 72

const bcrypt = '(?<bcrypt>\\$2[aby]\\$(?<cost>\\d\\d)\\$[./A-Za-z0-9]{53})'

const parse: HashFormat['parse'] = ({ bcrypt = '', cost }): ParsedHash => {
  if (Number(cost) < 4 || Number(cost) > maxCost) return { fault: `has a cost that is not from 4 to ${maxCost}` }
  const text = clearUnusedBits(bcrypt)
  return { matches: (password) => verify(password, text), significantBytes }
}

const alphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const saltEnd = 28
const digestEnd = 59

/** The last characters of the salt and of the digest contain unused bits. Some programs set them, but @node-rs/bcrypt
 * requires 0. */
const clearUnusedBits = (text: string): string => {
  const cleared = (place: number, mask: number): string => alphabet[alphabet.indexOf(text.charAt(place)) & mask] ?? ''
  return (
    text.slice(0, saltEnd) +
    cleared(saltEnd, 0b110000) +
    text.slice(saltEnd + 1, digestEnd) +
    cleared(digestEnd, 0b111100)
  )
}

/** Django hashes the password with SHA-256 first, so that bcrypt depends on all its bytes. */
const parseSha256: HashFormat['parse'] = (groups, text) => {
  const parsed = parse(groups, text)
  if ('fault' in parsed) return parsed
  const digestOf = (password: string): string => createHash('sha256').update(password).digest('hex')
  return { matches: (password) => parsed.matches(digestOf(password)), significantBytes: everyByte }
}

export const bcryptFormats: readonly HashFormat[] = [
  { pattern: patternOf(bcrypt), parse },
  // Django's formats.
  { pattern: patternOf('bcrypt\\$', bcrypt), parse },
  { pattern: patternOf('bcrypt_sha256\\$', bcrypt), parse: parseSha256 },
]
