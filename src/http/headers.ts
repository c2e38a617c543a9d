import type { IncomingMessage } from 'node:http'
import type { CommonHeader, HeaderValue } from '../contract/types.ts'
import { Failure } from '../failure.ts'

// The rest of the common headers depend on the request: X-Request-Id and those of CORS.
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

/** Names and values in turn, as node:http sends them in one write. */
export type HeaderList = readonly string[]

/** The security headers of every response except pages. Strict-Transport-Security is only for clients that use https. */
export const securityHeaders = (publicUrl: string): HeaderList => [
  ...Object.entries(constants).flat(),
  ...(publicUrl.startsWith('https:') ? ['Strict-Transport-Security', transportSecurity] : []),
]

/** The names of a list with their values. */
export const headerEntries = (headers: HeaderList): readonly (readonly [name: string, value: string])[] =>
  headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1] ?? ''] as const] : []))

/** Refuses two Host or two Authorization headers, which Node would join or drop. A proxy on the way may have read the
 * other one.
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
