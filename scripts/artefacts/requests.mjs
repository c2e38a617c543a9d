// What the contract says of its operations, as an API client needs it: one request for each, in the contract's order.
import { createResolver, findExample, listOperations } from './operations.mjs'
import { inline } from './schema.mjs'

// RFC 6749: the fields of a log-in (4.3.2), and the member of the answer that is the token (5.1).
const credentialNames = ['username', 'password']
const tokenMember = 'access_token'

// The refusal that only says that this was done before: with it, a collection may be run again and again.
const doneBefore = 'username-taken'

/** @returns the title, the description, the base URL, the credentials of the examples, the absolute URL of the
 * log-in, and the requests. In bodies, `{{username}}` and `{{password}}` stand for the credentials; `filledPath` has
 * the examples of the parameters; a `success` without content has neither media type nor schema.
 * @throws Error where a request could not be sent as it would stand */
export const readRequests = (document) => {
  const resolve = createResolver(document)
  const baseUrl = document.servers[0].url
  const operations = listOperations(document, resolve)
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
      method: operation.method.toUpperCase(),
      path: operation.path,
      filledPath: fillPath(operation, resolve),
      body: fillIn(readBody(operation, resolve), credentials),
      asksForToken: operation.security.length > 0,
      tokenMember: operation === logIn ? tokenMember : undefined,
      success: readSuccess(operation, resolve),
      alternative: readAlternative(operation, resolve),
    })),
  }
}

const findTokenUrl = ({ components }) =>
  Object.values(components.securitySchemes)
    .map((scheme) => scheme.flows?.password?.tokenUrl)
    .find((url) => url !== undefined)

const fillPath = ({ operationId, path, parameters }, resolve) => {
  const other = parameters.find((parameter) => parameter.required && parameter.in !== 'path')
  if (other) throw new Error(`${operationId}: nothing here fills in the ${other.in} parameter "${other.name}" yet`)

  return path.replaceAll(/\{([^}]+)\}/g, (_, name) => {
    const parameter = parameters.find((one) => one.in === 'path' && one.name === name)
    const value = parameter && findExample(parameter, resolve)
    if (value === undefined) throw new Error(`${operationId}: the parameter "${name}" of the path has no example`)
    return encodeURIComponent(value)
  })
}

/** The first media type of the body, which is the one that importers take, with its example. */
const readBody = ({ operationId, requestBody }, resolve) => {
  if (requestBody === undefined) return undefined
  const [mediaType, content] = Object.entries(resolve(requestBody).content)[0]
  const value = findExample(content, resolve)
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
  const [content] = Object.entries(resolve(response).content ?? {})
  if (content === undefined) return { status: Number(status) }
  const [mediaType, { schema }] = content
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
