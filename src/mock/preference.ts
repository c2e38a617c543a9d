import type { ShownAnswer } from './answers.ts'

/** Which answer a caller wants: a status, the name of an example, or both. */
interface Preference {
  readonly code: string | undefined
  readonly example: string | undefined
}

/** What `Prefer: code=503` (RFC 7240) or `Prefer: example=taken` asks for, or the query's `__code` and `__example`,
 * which a page may send to another origin without asking first. Undefined when nothing is asked for. */
export const preferenceOf = (prefer: string, query: URLSearchParams): Preference | undefined => {
  const preferred = (name: string): string | undefined =>
    query.get(`__${name}`) ?? new RegExp(`(?:^|[\\s,;])${name}="?([^\\s",;]+)`).exec(prefer)?.[1]
  const [code, example] = [preferred('code'), preferred('example')]
  return code === undefined && example === undefined ? undefined : { code, example }
}

/** The first answer that is as preferred; undefined when the contract shows none. */
export const choose = (answers: readonly ShownAnswer[], { code, example }: Preference): ShownAnswer | undefined =>
  answers.find(
    (answer) =>
      (code === undefined || String(answer.status) === code) && (example === undefined || answer.example === example),
  )
