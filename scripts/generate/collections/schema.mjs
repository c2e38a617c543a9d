// Documentation is removed, and so is `format`, because some validators refuse unknown formats.
const isAssertion = ([keyword]) =>
  !keyword.startsWith('x-') && !['description', 'example', 'format', 'title'].includes(keyword)

/** A schema without references, and with only the keywords that validate a value. */
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
