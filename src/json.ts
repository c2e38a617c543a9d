// Matches each string and each bracket of valid JSON. A key includes the colon after it.
const keyOrBracket = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g

/** Whether any object in the text has the same key twice, even with different escapes. JSON.parse keeps the last one, and
 * other parsers may keep the first (RFC 8259, 4). It does not recurse, so deep nesting cannot exhaust the stack.
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

/** Whether the value is an object that is neither an array nor null. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
