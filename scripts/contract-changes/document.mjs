// An OpenAPI document as the comparison walks it.
import { valueAt } from '../references.mjs'

// What is there for readers. Everything else has a rule, or breaks when it changes.
const documentation = new Set(['description', 'summary', 'example', 'examples', 'externalDocs', 'deprecated'])
// Clients are told what these two mean. The other extensions are documentation, or are compared by name.
const promised = new Set(['x-failure', 'x-open-enum'])
export const isDocumentation = (key) => documentation.has(key) || (key.startsWith('x-') && !promised.has(key))

/** Where a schema that was referred to has its name. A symbol is no keyword, yet `isDeepStrictEqual` compares it. */
export const schemaName = Symbol('name')

/** The document with each `$ref` replaced by what it names, which may make circles. Schemas keep the name that they were
 * referred to by.
 * @throws Error for a reference to what the document does not have */
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

/** What a node refers to. The only part of an `allOf`, with nothing but documentation beside it, is the way of OpenAPI
 * 3.0 to document a reference. */
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

/** All keys of two objects, those of the first first. */
export const keysOf = (before, after) => [...new Set([...Object.keys(before), ...Object.keys(after)])]
