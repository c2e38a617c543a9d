// What the contract says of its operations, as an API client needs it: one request for each, in the contract's order.
const methods = ['get', 'put', 'post', 'delete', 'patch']

// RFC 6749: the fields of a log-in (4.3.2), and the member of the answer that is the token (5.1).
const credentialNames = ['username', 'password']
const tokenMember = 'access_token'

// The refusal that only says that this was done before: with it, a collection may be run again and again.
const doneBefore = 'username-taken'

/** @returns the title, the description, the base URL, the credentials of the examples, the absolute URL of the
 * log-in, and the requests. In bodies,
 * `{{username}}` and `{{password}}` stand for the credentials.
 * @throws Error where a request could not be sent as it would stand */
export const readRequests = (document) => {
  const resolve = (node) => (node?.$ref ? resolve(lookUp(document, node.$ref)) : node)
  const baseUrl = document.servers[0].url
  const operations = listOperations(document)
  const tokenUrl = new URL(findTokenUrl(document), baseUrl).href
  const logIn = operations.find(({ path }) => baseUrl + path === tokenUrl)
  const credentials = readCredentials(readBody(logIn, resolve))

  return {
    title: document.info.title,
    description: document.info.description,
    baseUrl,
    credentials,
    tokenUrl,
    requests: operations.map((operation) => ({
      id: operation.operationId,
      name: operation.summary,
      description: operation.description,
      method: operation.method,
      path: operation.path,
      body: fillIn(readBody(operation, resolve), credentials),
      asksForToken: operation.security.length > 0,
      tokenMember: operation === logIn ? tokenMember : undefined,
      success: readSuccess(operation, resolve),
      alternative: readAlternative(operation, resolve),
    })),
  }
}

const lookUp = (document, reference) =>
  reference
    .slice('#/'.length)
    .split('/')
    .reduce((node, key) => node[key], document)

const listOperations = ({ paths }) =>
  Object.entries(paths).flatMap(([path, item]) => {
    if (path.includes('{')) throw new Error(`${path}: nothing here fills in parameters of a path yet`)
    return Object.entries(item)
      .filter(([method]) => methods.includes(method))
      .map(([method, operation]) => ({ ...operation, path, method: method.toUpperCase() }))
  })

const findTokenUrl = ({ components }) =>
  Object.values(components.securitySchemes)
    .map((scheme) => scheme.flows?.password?.tokenUrl)
    .find((url) => url !== undefined)

/** The first media type of the body, which is the one that importers take, with its example. */
const readBody = ({ operationId, requestBody }, resolve) => {
  if (requestBody === undefined) return undefined
  const [mediaType, { example, examples, schema }] = Object.entries(resolve(requestBody).content)[0]
  const [first] = Object.values(examples ?? {})
  const value = example ?? resolve(first)?.value ?? resolve(schema).example
  if (value === undefined) throw new Error(`${operationId}: the body has no example`)
  return { mediaType, value }
}

const readCredentials = ({ value }) => Object.fromEntries(credentialNames.map((name) => [name, value[name]]))

const fillIn = (body, credentials) =>
  body && {
    ...body,
    value: Object.fromEntries(
      Object.entries(body.value).map(([name, value]) => [name, name in credentials ? `{{${name}}}` : value]),
    ),
  }

const readSuccess = ({ responses }, resolve) => {
  const [status, response] = Object.entries(responses).find(([code]) => code.startsWith('2'))
  const [mediaType, { schema }] = Object.entries(resolve(response).content)[0]
  return { status: Number(status), mediaType, schema: inline(schema, resolve) }
}

const readAlternative = ({ responses }, resolve) => {
  for (const [status, response] of Object.entries(responses)) {
    const examples = Object.values(resolve(response).content ?? {}).flatMap(({ examples = {} }) =>
      Object.values(examples),
    )
    if (examples.some(({ value }) => value?.code === doneBefore)) return { status: Number(status), code: doneBefore }
  }
  return undefined
}

// What only people or other programs read is left out: some validators refuse formats that they do not know.
const isAssertion = ([keyword]) =>
  !keyword.startsWith('x-') && !['description', 'example', 'format', 'title'].includes(keyword)

/** A schema without references, and with nothing but what can be false of a value. */
const inline = (schema, resolve) => {
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
