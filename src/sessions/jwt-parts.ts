import { isUtf8 } from 'node:buffer'
import { hasDuplicateKeys, isObject } from '../json.ts'

/** The JSON object that a part of a JWT encodes. Returns undefined for anything but the one canonical base64url
 * spelling (RFC 7515, 2; RFC 4648, 3.5) of UTF-8 JSON without duplicate keys. */
export const objectIn = (part: string): Readonly<Record<string, unknown>> | undefined => {
  const bytes = Buffer.from(part, 'base64url')
  if (bytes.toString('base64url') !== part || !isUtf8(bytes)) return undefined
  const value = parsed(bytes.toString('utf8'))
  return isObject(value) ? value : undefined
}

/** The base64url spelling of a value as JSON.stringify writes it. */
export const partOf = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const parsed = (text: string): unknown => {
  // This spares the costly SyntaxError for most garbage.
  if (!/^\s*\{/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return hasDuplicateKeys(text) ? undefined : value
  } catch {
    return undefined
  }
}
