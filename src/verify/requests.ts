import { randomInt } from 'node:crypto'
import type { Headers, Outgoing, Received } from './exchange.ts'

export interface Encoded {
  /** Undefined: no Content-Type is sent. */
  readonly mediaType: string | undefined
  readonly bytes: Buffer
}

export const json = 'application/json'
export const urlencoded = 'application/x-www-form-urlencoded'
export const multipart = 'multipart/form-data'

/** The fields of a form, in order; one may stand there twice. */
export type Fields = readonly (readonly [name: string, value: string])[]

/** The members of a JSON object. */
export type Members = Readonly<Record<string, unknown>>

/** A value as the body of a request.
 * @param value of a form: an object of strings, or its fields */
export const encode = (mediaType: string, value: unknown): Encoded => {
  if (mediaType === json) return { mediaType, bytes: Buffer.from(JSON.stringify(value)) }
  const fields = Array.isArray(value) ? (value as Fields) : Object.entries(value as Readonly<Record<string, string>>)
  return mediaType === multipart ? encodeParts(fields) : { mediaType, bytes: Buffer.from(formOf(fields)) }
}

/** Fields as `application/x-www-form-urlencoded`, which is the form of a query, too. */
export const formOf = (fields: Fields): string =>
  String(new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])))

const encodeParts = (fields: Fields): Encoded => {
  const boundary = `verify-${randomText('0123456789abcdef', 16)}`
  const parts = fields.map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  return {
    mediaType: `${multipart}; boundary=${boundary}`,
    bytes: Buffer.from(`${parts.join('')}--${boundary}--\r\n`),
  }
}

/** Text of characters chosen at random. */
export const randomText = (alphabet: string, length: number): string => {
  const characters = [...alphabet]
  return Array.from({ length }, () => characters[randomInt(characters.length)]).join('')
}

/** A request with the headers that any client sends. */
export const requestOf = (
  host: string,
  method: string,
  path: string,
  { headers = [], body }: { readonly headers?: Headers; readonly body?: Encoded | undefined } = {},
): Outgoing => ({
  method: method.toUpperCase(),
  path,
  headers: [
    ['Host', host],
    ...(body?.mediaType === undefined ? [] : [['Content-Type', body.mediaType] as const]),
    ...(body === undefined ? [] : [['Content-Length', String(body.bytes.length)] as const]),
    ...headers,
  ],
  body: body?.bytes,
})

/** The members of an answer that is a JSON object; none of any other. */
export const membersOf = ({ body }: Received): Members => membersIn(body)

/** The members of a text that is a JSON object; none of any other. */
export const membersIn = (text: string): Members => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Members) : {}
  } catch {
    return {}
  }
}
