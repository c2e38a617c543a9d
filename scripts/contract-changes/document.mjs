// An OpenAPI document as the comparison walks it.

/** The document with each `$ref` replaced by what it names, which may make circles.
 * @throws Error for a reference to what the document does not have */
export const dereference = (document) => {
  const copies = new Map()
  const copy = (node) => {
    if (typeof node !== 'object' || node === null) return node
    if (typeof node.$ref === 'string') return copy(find(document, node.$ref))
    if (copies.has(node)) return copies.get(node)
    const made = Array.isArray(node) ? [] : {}
    copies.set(node, made)
    for (const [key, value] of Object.entries(node)) made[key] = copy(value)
    return made
  }
  return copy(document)
}

const find = (document, reference) => {
  const keys = reference
    .split('/')
    .slice(1)
    .map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'))
  const found = keys.reduce((node, key) => node?.[key], document)
  if (found === undefined || !reference.startsWith('#/')) throw new Error(`The contract has no ${reference}`)
  return found
}

/** All keys of two objects, those of the first first. */
export const keysOf = (before, after) => [...new Set([...Object.keys(before), ...Object.keys(after)])]
