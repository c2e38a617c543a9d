import type { IncomingMessage } from 'node:http'
import type { CommonHeader, HeaderValue } from '../contract/types.ts'
import { Failure } from '../failure.ts'

// The other common headers depend on the request or on the public URL.
type Constant = Exclude<CommonHeader, 'X-Request-Id' | `Access-Control-${string}` | 'Strict-Transport-Security'>

const constants = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  Vary: 'Origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const satisfies { readonly [Name in Constant]: HeaderValue<Name> }

const transportSecurity: HeaderValue<'Strict-Transport-Security'> = 'max-age=31536000'

/** Header names and values in turn, as `writeHead` of node:http accepts them. */
export type HeaderList = readonly string[]

/** The security headers of every response except pages. An https URL adds Strict-Transport-Security. */
export const securityHeaders = (publicUrl: string): HeaderList => [
  ...Object.entries(constants).flat(),
  ...(publicUrl.startsWith('https:') ? ['Strict-Transport-Security', transportSecurity] : []),
]

/** The pairs of a name and its value. */
export const headerEntries = (headers: HeaderList): readonly (readonly [name: string, value: string])[] =>
  headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1] ?? ''] as const] : []))

/** Refuses a second Host or Authorization header, and requests of HTTP/1.1 without Host. Node would drop the second one,
 * but a proxy may have read it.
 * @throws Failure 'malformed-request' or 'invalid-token' */
export const refuseDuplicateHeaders = ({ rawHeaders, httpVersion }: IncomingMessage): void => {
  let hosts = 0
  let authorizations = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? ''
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1
    else if (name.length === 13 && name.toLowerCase() === 'authorization') authorizations += 1
  }
  if (hosts > 1 || (hosts === 0 && httpVersion !== '1.0'))
    throw new Failure('malformed-request', { detail: 'The request must have exactly one Host header' })
  if (authorizations > 1) throw new Failure('invalid-token')
}
