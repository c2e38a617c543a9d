// What only people or other programs read is left out: some validators refuse formats that they do not know.
const isAssertion = ([keyword]) =>
  !keyword.startsWith('x-') && !['description', 'example', 'format', 'title'].includes(keyword)

/** A schema without references, and with nothing but what can be false of a value. */
export const inline = (schema, resolve) => {
  const { properties, items, ...rest } = resolve(schema)
  return {
    ...Object.fromEntries(Object.entries(rest).filter(isAssertion)),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [name, inline(property, resolve)]),
      ),
    }),
    ...(items && { items: inline(items, resolve) }),
  }
}
