// Prepares an OpenAPI document for the comparison.
import { valueAt } from '../references.mjs'

// Keys for readers only. A change of any other key has a rule, or counts as breaking.
const documentation = new Set(['description', 'summary', 'example', 'examples', 'externalDocs', 'deprecated'])
// Clients rely on these two extensions. Others are documentation, or are compared by their own rule.
const promised = new Set(['x-failure', 'x-open-enum'])
export const isDocumentation = (key) => documentation.has(key) || (key.startsWith('x-') && !promised.has(key))

/** The key for the name of a referenced schema. A symbol cannot collide with a keyword, and `isDeepStrictEqual`
 * compares it. */
export const schemaName = Symbol('name')

/** Replaces each `$ref` of a document by the part that it names. The result may be circular. Schemas keep the name from
 * their reference.
 * @throws Error if a reference names no part of the document */
export const dereference = (document) => {
  const copies = new Map()
  const copy = (node, name) => {
    if (typeof node !== 'object' || node === null) return node
    const reference = referenceOf(node)
    if (reference !== undefined) return copy(find(document, reference), name ?? nameIn(reference))
    const known = copies.get(node) ?? new Map()
    if (known.has(name)) return known.get(name)
    const made = Array.isArray(node) ? [] : {}
    copies.set(node, known.set(name, made))
    if (name !== undefined) made[schemaName] = name
    for (const [key, value] of Object.entries(node)) made[key] = copy(value)
    return made
  }
  return copy(document)
}

/** The reference of a node. OpenAPI 3.0 documents a reference as the only part of an `allOf` beside documentation, so
 * that counts as a reference, too. */
const referenceOf = ({ $ref, allOf, ...rest }) => {
  if (typeof $ref === 'string') return $ref
  if (!Array.isArray(allOf) || allOf.length !== 1 || !Object.keys(rest).every(isDocumentation)) return undefined
  return typeof allOf[0]?.$ref === 'string' ? allOf[0].$ref : undefined
}

const nameIn = (reference) => /^#\/components\/schemas\/([^/]+)$/.exec(reference)?.[1]

const find = (document, reference) => {
  const found = valueAt(document, reference)
  if (found === undefined) throw new Error(`The contract has no ${reference}`)
  return found
}

/** The keys of two objects without duplicates, the first object's first. */
export const keysOf = (before, after) => [...new Set([...Object.keys(before), ...Object.keys(after)])]
