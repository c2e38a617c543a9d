import { Failure } from '../failure.ts'

export const scopesIn = (text: string): readonly string[] => text.split(' ').filter(Boolean)

export const isWithin = (scopes: readonly string[], granted: readonly string[]): boolean =>
  scopes.every((scope) => granted.includes(scope))

/** Returns the requested scopes, in the order of `grantable`.
 * @param requested separated by spaces; undefined requests all of them
 * @throws Failure 'invalid-scope' when one of them is not grantable */
export const grant = (requested: string | undefined, grantable: readonly string[]): string => {
  if (requested === undefined) return grantable.join(' ')
  const wanted = new Set(requested.split(' '))
  const granted = grantable.filter((scope) => wanted.has(scope))
  if (granted.length < wanted.size) throw new Failure('invalid-scope')
  return granted.join(' ')
}
