// Postman's own converter, told nothing that it would have to guess about.
import converter from 'openapi-to-postmanv2'
import { createResolver, findExample, listOperations } from '../../operations.mjs'

const options = {
  // Examples, not values made up at random.
  parametersResolution: 'Example',
  requestParametersResolution: 'Example',
  exampleParametersResolution: 'Example',
  schemaFaker: false,
  // The summary.
  requestNameSource: 'Fallback',
  folderStrategy: 'Paths',
  preferredRequestBodyType: 'first-listed',
  enableOptionalParameters: false,
  includeDeprecated: true,
  includeWebhooks: false,
  keepImplicitHeaders: false,
  indentCharacter: 'Space',
  // Whether a request sends a token is said by each request itself.
  alwaysInheritAuthentication: true,
  includeAuthInfoInExample: false,
}

const formTypes = ['application/x-www-form-urlencoded', 'multipart/form-data']

/** @param document an OpenAPI document, parsed: nothing is read from the disk
 * @returns `info` of the collection, and its `items` by the method and the path of the operation, as in
 * `GET /things/{id}` */
export const convertToPostman = async (document) => {
  const collection = await convert(leaveOutGuesses(document))
  return {
    info: simplifyDescriptions(collection.info),
    items: new Map(listItems(collection).map((item) => [toKey(item.request), simplifyDescriptions(item)])),
  }
}

const convert = (data) =>
  new Promise((resolve, reject) => {
    converter.convertV2({ type: 'json', data }, options, (error, conversion) => {
      if (error || !conversion.result) reject(error ?? new Error(conversion.reason))
      else resolve(conversion.output[0].data)
    })
  })

const listItems = ({ item }) => item.flatMap((entry) => (entry.item ? listItems(entry) : [entry]))

const toKey = ({ method, url }) =>
  `${method} /${url.path.map((segment) => segment.replace(/^:(.+)$/, '{$1}')).join('/')}`

/** Descriptions are Markdown, as in the contract. The converter calls them plain text, in an object that many
 * importers do not look into. */
const simplifyDescriptions = (node) => {
  if (Array.isArray(node)) return node.map(simplifyDescriptions)
  if (typeof node !== 'object' || node === null) return node
  const { description, ...rest } = node
  const text = (description?.content ?? '').trim()
  return {
    ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, simplifyDescriptions(value)])),
    ...(text && { description: text }),
  }
}

/** A copy without what has no example: in spite of the options the converter makes values up for it, other ones each
 * time. Headers of answers are among that. */
const leaveOutGuesses = (document) => {
  const resolve = createResolver(document)
  const paths = {}
  for (const { path, method, ...operation } of listOperations(document, resolve)) {
    paths[path] = { ...paths[path], [method]: keepExamples(operation, resolve) }
  }
  return structuredClone({ ...document, paths })
}

const keepExamples = ({ parameters, requestBody, responses, ...operation }, resolve) => ({
  ...operation,
  parameters: parameters.filter((parameter) => findExample(parameter, resolve) !== undefined),
  ...(requestBody && { requestBody: listFormFields(resolve(requestBody), resolve) }),
  responses: Object.fromEntries(
    Object.entries(responses).map(([status, response]) => [status, keepBodies(resolve(response), resolve)]),
  ),
})

const keepBodies = ({ description, content = {} }, resolve) => ({
  description,
  content: Object.fromEntries(Object.entries(content).filter(([, body]) => findExample(body, resolve) !== undefined)),
})

/** Without the example of a whole form, the converter lists the optional fields, too. */
const listFormFields = ({ content, ...requestBody }, resolve) => ({
  ...requestBody,
  content: Object.fromEntries(
    Object.entries(content).map(([mediaType, body]) => {
      const { properties } = resolve(body.schema)
      if (!formTypes.includes(mediaType) || properties === undefined) return [mediaType, body]
      const known = Object.entries(properties).filter(([, property]) => resolve(property).example !== undefined)
      return [mediaType, { schema: { type: 'object', properties: Object.fromEntries(known) } }]
    }),
  ),
})
