// Reads the requests for API clients from the contract: one for each operation, in the contract's order.
import { readLinks } from './links.mjs'
import { createResolver, findExample, listOperations } from '../../operations.mjs'
import { inline } from './schema.mjs'

// RFC 6749: the fields of a log-in (4.3.2), and the response member with the token (5.1).
const credentialNames = ['username', 'password']
const tokenMember = 'access_token'

// The error code for a name that has already signed up.
const nameTaken = 'username-taken'

/** @returns the title, the description, the base URL, the example credentials, the absolute URL of the log-in, the
 * requests, and `variables`: the examples of the parameters that the contract links to responses. In the requests:
 * - bodies contain `{{username}}` and `{{password}}` instead of the credentials
 * - `filledPath` contains variables or examples for its parameters
 * - `keeps` lists the variables that are set from the response, with the keys of their values
 * - `takesName` marks the sign-up
 * - a `success` without content has neither media type nor schema
 * @throws Error if a request cannot be sent, because an example is missing */
export const readRequests = (document) => {
  const resolve = createResolver(document)
  const baseUrl = document.servers[0].url
  const operations = listOperations(document, resolve)
  const tokenUrl = new URL(findTokenUrl(document), baseUrl).href
  const logIn = operations.find(({ path }) => baseUrl + path === tokenUrl)
  const credentials = readCredentials(readBody(logIn, resolve))
  const links = readLinks(operations, resolve)

  return {
    title: document.info.title,
    description: document.info.description,
    baseUrl,
    credentials,
    tokenUrl,
    variables: Object.fromEntries(links.map(({ name, target }) => [name, findExample(target, resolve)])),
    requests: operations.map((operation) => ({
      id: operation.operationId,
      name: operation.summary,
      description: operation.description,
      method: operation.method.toUpperCase(),
      path: operation.path,
      filledPath: fillPath(operation, links, resolve),
      query: listQuery(operation, resolve),
      body: fillIn(readBody(operation, resolve), credentials),
      requiresToken: operation.security.length > 0,
      tokenMember: operation === logIn ? tokenMember : undefined,
      keeps: links.filter(({ source }) => source === operation),
      takesName: hasExampleOf(operation, nameTaken, resolve),
      success: readSuccess(operation, resolve),
    })),
  }
}

const findTokenUrl = ({ components }) =>
  Object.values(components.securitySchemes)
    .map((scheme) => scheme.flows?.password?.tokenUrl)
    .find((url) => url !== undefined)

const fillPath = ({ operationId, path, parameters }, links, resolve) => {
  const other = parameters.find((parameter) => parameter.required && parameter.in !== 'path')
  if (other)
    throw new Error(`${operationId}: the collections do not support the required ${other.in} parameter "${other.name}"`)

  return path.replaceAll(/\{([^}]+)\}/g, (_, name) => {
    const parameter = parameters.find((one) => one.in === 'path' && one.name === name)
    const value = parameter && findExample(parameter, resolve)
    if (value === undefined) throw new Error(`${operationId}: the parameter "${name}" of the path has no example`)
    return links.some(({ target }) => target === parameter) ? `{{${name}}}` : encodeURIComponent(value)
  })
}

/** The query parameters that have an example. None is required. */
const listQuery = ({ parameters }, resolve) =>
  parameters
    .filter((parameter) => parameter.in === 'query')
    .map((parameter) => ({ name: parameter.name, value: findExample(parameter, resolve) }))
    .filter(({ value }) => value !== undefined)

/** The first media type of the body, with its example. Importers use no other. */
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
      Object.entries(body.value).map(([name, value]) => {
        const credential = Object.keys(credentials).find((one) => name === one || name.endsWith(`_${one}`))
        return [name, credential ? `{{${credential}}}` : value]
      }),
    ),
  }

const readSuccess = ({ responses }, resolve) => {
  const [status, response] = Object.entries(responses).find(([code]) => code.startsWith('2'))
  const [content] = Object.entries(resolve(response).content ?? {})
  if (content === undefined) return { status: Number(status) }
  const [mediaType, { schema }] = content
  return { status: Number(status), mediaType, schema: inline(schema, resolve) }
}

/** Whether an example response has this code. */
const hasExampleOf = ({ responses }, code, resolve) =>
  Object.values(responses)
    .flatMap((response) => Object.values(resolve(response).content ?? {}))
    .flatMap(({ examples = {} }) => Object.values(examples))
    .some(({ value }) => value?.code === code)
