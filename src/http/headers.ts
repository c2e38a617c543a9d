import type { ServerResponse } from 'node:http'
import type { CommonHeader, HeaderValue } from '../contract/types.ts'

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

/** Header names and values, as they are sent. */
export type HeaderList = readonly (readonly [name: string, value: string])[]

/** The security headers of every answer, pages aside. Strict-Transport-Security only where clients come by https. */
export const securityHeaders = (publicUrl: string): HeaderList => [
  ...Object.entries(constants),
  ...(publicUrl.startsWith('https:') ? [['Strict-Transport-Security', transportSecurity] as const] : []),
]

export const setHeaders = (response: ServerResponse, headers: HeaderList): void => {
  for (const [name, value] of headers) response.setHeader(name, value)
}

/** How often a request has the header: Node joins or drops repeated ones, this does not.
 * @param name in lower case */
export const countHeader = (rawHeaders: readonly string[], name: string): number => {
  let count = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const given = rawHeaders[i]
    if (given?.length === name.length && given.toLowerCase() === name) count += 1
  }
  return count
}
