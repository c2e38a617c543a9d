import { isUtf8 } from 'node:buffer'
import { hasDuplicateKeys, isObject } from '../json.ts'

/** Returns the JSON object that a part of a JWT encodes. The part must be canonical base64url (RFC 7515, 2; RFC 4648,
 * 3.5) of UTF-8 JSON without duplicate keys. Otherwise returns undefined. */
export const objectIn = (part: string): Readonly<Record<string, unknown>> | undefined => {
  const bytes = Buffer.from(part, 'base64url')
  if (bytes.toString('base64url') !== part || !isUtf8(bytes)) return undefined
  const value = parsed(bytes.toString('utf8'))
  return isObject(value) ? value : undefined
}

/** Encodes a value as JSON.stringify writes it, in base64url. */
export const partOf = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const parsed = (text: string): unknown => {
  // This check avoids the cost of a SyntaxError for most invalid input.
  if (!/^\s*\{/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return hasDuplicateKeys(text) ? undefined : value
  } catch {
    return undefined
  }
}
