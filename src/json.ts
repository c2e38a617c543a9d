// In a text that is known to be JSON: a string, with the colon behind it if it is a key, or a bracket.
const keyOrBracket = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g

/** Whether an object anywhere in the text has the same key twice, in any spelling of its escapes. JSON.parse
 * keeps the last of them and another parser the first (RFC 8259, 4). No recursion, so depth is no matter.
 * @param text JSON that JSON.parse accepts */
export const hasDuplicateKeys = (text: string): boolean => {
  const scopes: Set<unknown>[] = []
  for (const [token, string, colon] of text.matchAll(keyOrBracket)) {
    if (token === '{' || token === '[') scopes.push(new Set())
    else if (token === '}' || token === ']') scopes.pop()
    else if (string !== undefined && colon !== undefined) {
      const key: unknown = JSON.parse(string)
      const scope = scopes.at(-1)
      if (scope?.has(key)) return true
      scope?.add(key)
    }
  }
  return false
}

/** Whether the value is an object, and neither an array nor null. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
