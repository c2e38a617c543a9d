// Makes tokens that are almost genuine. An access token has three parts of base64url, a refresh token has one.
import type { Random } from '../../support/seeded-random.ts'

const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const foreign = '.=+/~! '
const maxRun = 4
// The fields of a refresh token in bytes: version, key id, session id, generation, MAC.
const fields = [0, 1, 5, 21, 25, 57] as const

const replaceAt = (text: string, i: number, by: string, length = 1): string =>
  text.slice(0, i) + by + text.slice(i + length)

interface Source {
  readonly token: string
  readonly other: string
  readonly below: (n: number) => number
  readonly pick: (list: string | readonly string[]) => string
}

/** Each function returns a mutant of the token, or the token itself where it finds nothing to change. `pick(list)` and
 * `below(n)` are random. */
const mutations: Readonly<Record<string, (source: Source) => string>> = {
  'a bit flipped': ({ token, below }) => {
    const parts = token.split('.')
    const i = below(parts.length)
    const bytes = Buffer.from(parts[i] ?? '', 'base64url')
    const at = below(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8))
    return parts.with(i, bytes.toString('base64url')).join('.')
  },
  'two characters exchanged': ({ token, below }) => {
    const [i, j] = [below(token.length), below(token.length)]
    return replaceAt(replaceAt(token, i, token.charAt(j)), j, token.charAt(i))
  },
  'a character replaced': ({ token, pick, below }) => replaceAt(token, below(token.length), pick(base64url)),
  'cut off': ({ token, below, pick }) => {
    const length = 1 + below(token.length - 1)
    return pick([token.slice(0, length), token.slice(-length), token.slice(0, -1), token.slice(1)])
  },
  'characters inserted': ({ token, below, pick }) => {
    const run = Array.from({ length: 1 + below(maxRun) }, () => pick(base64url + foreign)).join('')
    // At the ends, spaces would belong to the header instead of the token.
    return replaceAt(token, 1 + below(token.length - 1), run, 0)
  },
  'another spelling of the same bytes': ({ token, below, pick }) => {
    const parts = token.split('.')
    const i = below(parts.length)
    return parts.with(i, pick(spellingsOf(parts[i] ?? ''))).join('.')
  },
  'parts of two tokens': ({ token, other, below }) =>
    token.includes('.') ? spliceParts(token, other, below) : spliceFields(token, other, below),
}

export const kinds = Object.keys(mutations)

/** Other texts that a lax decoder reads as the same bytes: padding, the alphabet of base64, other unused bits in the
 * last character, and characters that it skips. */
const spellingsOf = (part: string): readonly string[] => {
  const bytes = Buffer.from(part, 'base64url')
  const others = [...base64url].map((last) => part.slice(0, -1) + last)
  return [
    `${part}=`,
    `${part}==`,
    bytes.toString('base64'),
    `${part.slice(0, 5)}=${part.slice(5)}`,
    `${part}~`,
    ...others.filter((text) => Buffer.from(text, 'base64url').equals(bytes)),
  ]
}

const spliceParts = (token: string, other: string, below: Source['below']): string => {
  const parts = token.split('.')
  const i = below(parts.length)
  return parts.with(i, other.split('.')[i] ?? '').join('.')
}

const spliceFields = (token: string, other: string, below: Source['below']): string => {
  const bytes = Buffer.from(token, 'base64url')
  const i = below(fields.length - 1)
  Buffer.from(other, 'base64url').copy(bytes, fields[i], fields[i], fields[i + 1])
  return bytes.toString('base64url')
}

/** Makes mutants of genuine tokens, equally many of each kind. None of them is genuine again.
 * @param genuine at least two tokens of one form */
export const mutate = (genuine: readonly string[], count: number, random: Random): readonly string[] => {
  const below = (n: number): number => Math.floor(random() * n)
  const pick = (list: string | readonly string[]): string => list[below(list.length)] ?? ''
  const mutants: string[] = []
  while (mutants.length < count) {
    const [token, other] = [pick(genuine), pick(genuine)]
    const mutant = mutations[kinds[mutants.length % kinds.length] ?? '']?.({ token, other, below, pick })
    if (mutant !== undefined && !genuine.includes(mutant) && mutant === mutant.trim()) mutants.push(mutant)
  }
  return mutants
}
