// A difference between two contracts that a client can notice: `{ isBreaking, place, text }`.
import { isDeepStrictEqual } from 'node:util'
import { isDocumentation, keysOf } from './document.mjs'

export const breaking = (place, text) => [{ isBreaking: true, place, text }]
export const compatible = (place, text) => [{ isBreaking: false, place, text }]

/** @param isBreaking whether the change is breaking */
export const change = (isBreaking, place, text) => [{ isBreaking, place, text }]

/** A value of the contract as short text for a person. */
export const show = (value) => {
  if (value === undefined) return 'none'
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 60)}...` : text
}

/** Reports every change of a key without a rule as breaking.
 * @param known the keys that have a rule */
export const compareRest = (before, after, known, place, name = 'it') =>
  keysOf(before, after)
    .filter((key) => !known.includes(key) && !isDocumentation(key))
    .filter((key) => !isDeepStrictEqual(before[key], after[key]))
    .flatMap((key) => breaking(place, `${name}: ${key} went from ${show(before[key])} to ${show(after[key])}`))
