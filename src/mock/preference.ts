import type { MockResponse } from './mock-responses.ts'

/** The response that a caller prefers: a status, the name of an example, or both. */
interface Preference {
  readonly code: string | undefined
  readonly example: string | undefined
}

/** Reads `Prefer: code=503` (RFC 7240) or `Prefer: example=taken`, or the query parameters `__code` and `__example`. A
 * page may send the parameters to another origin without a preflight. Undefined if the request states no preference. */
export const preferenceOf = (prefer: string, query: URLSearchParams): Preference | undefined => {
  const preferred = (name: string): string | undefined =>
    query.get(`__${name}`) ?? new RegExp(`(?:^|[\\s,;])${name}="?([^\\s",;]+)`).exec(prefer)?.[1]
  const [code, example] = [preferred('code'), preferred('example')]
  return code === undefined && example === undefined ? undefined : { code, example }
}

/** The first preferred response; undefined if the contract has no such example. */
export const choose = (responses: readonly MockResponse[], { code, example }: Preference): MockResponse | undefined =>
  responses.find(
    (response) =>
      (code === undefined || String(response.status) === code) &&
      (example === undefined || response.example === example),
  )
