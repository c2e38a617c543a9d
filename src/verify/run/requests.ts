import { randomInt } from 'node:crypto'
import { isObject } from '../../json.ts'
import type { Headers, Outgoing, Received } from './exchange.ts'

/** An encoded request body. */
export interface Encoded {
  /** Undefined if no Content-Type is sent. */
  readonly mediaType: string | undefined
  readonly bytes: Buffer
}

export const json = 'application/json'
export const urlencoded = 'application/x-www-form-urlencoded'
export const multipart = 'multipart/form-data'

/** The fields of a form, in order. A name may occur twice. */
export type Fields = readonly (readonly [name: string, value: string])[]

/** The members of a JSON object. */
export type Members = Readonly<Record<string, unknown>>

/** Encodes a request body.
 * @param value for a form: its fields, or an object of strings. Undefined members are omitted, as in JSON */
export const encode = (mediaType: string, value: unknown): Encoded => {
  if (mediaType === json) return { mediaType, bytes: Buffer.from(JSON.stringify(value)) }
  const fields = Array.isArray(value) ? (value as Fields) : fieldsOf(value as Members)
  return mediaType === multipart ? encodeParts(fields) : { mediaType, bytes: Buffer.from(formOf(fields)) }
}

export const fieldsOf = (members: Members): Fields =>
  Object.entries(members as Readonly<Record<string, string | undefined>>).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  )

/** Encodes fields as `application/x-www-form-urlencoded`, which is also the format of a query. */
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

/** A text of random characters from an alphabet. */
export const randomText = (alphabet: string, length: number): string => {
  const characters = [...alphabet]
  return Array.from({ length }, () => characters[randomInt(characters.length)]).join('')
}

export const requestOf = (
  method: string,
  path: string,
  { headers = [], body }: { readonly headers?: Headers; readonly body?: Encoded | undefined } = {},
): Outgoing => ({
  method: method.toUpperCase(),
  path,
  headers: [...(body?.mediaType === undefined ? [] : [['Content-Type', body.mediaType] as const]), ...headers],
  body: body?.bytes,
})

export const bearer = (token: string): readonly [string, string] => ['Authorization', `Bearer ${token}`]

/** The members of a body that is a JSON object; none for any other body. */
export const membersOf = ({ body }: Received): Members => membersIn(body)

/** The members of a text that is a JSON object; none for any other text. */
export const membersIn = (text: string): Members => {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

/** The error of a request that a check depends on. Its `cause` is the same text without the response body. */
export const failureOf = (what: string, { status, body }: Received): Error =>
  new Error(`${what}: ${status} ${body.slice(0, 200)}`, { cause: `${what}: ${status}` })
