// Runs Postman's own converter on a document without the parts for which it would make up values.
import converter from 'openapi-to-postmanv2'
import { createResolver, findExample, listOperations } from '../../operations.mjs'

const options = {
  // Use examples instead of random values.
  parametersResolution: 'Example',
  requestParametersResolution: 'Example',
  exampleParametersResolution: 'Example',
  schemaFaker: false,
  // 'Fallback' uses the summary.
  requestNameSource: 'Fallback',
  folderStrategy: 'Paths',
  preferredRequestBodyType: 'first-listed',
  enableOptionalParameters: false,
  includeDeprecated: true,
  includeWebhooks: false,
  keepImplicitHeaders: false,
  indentCharacter: 'Space',
  // postman.mjs sets the authentication of each request.
  alwaysInheritAuthentication: true,
  includeAuthInfoInExample: false,
}

const formTypes = ['application/x-www-form-urlencoded', 'multipart/form-data']

/** @param document a parsed OpenAPI document
 * @returns the `info` of the collection, and its `items` by the method and path of the operation, such as
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

/** Writes descriptions as strings, which are Markdown. The converter writes objects of plain text, which many importers
 * ignore. */
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

/** A copy of the document without the parts that have no example, such as response headers. Despite the options, the
 * converter would make up different values for them each time. */
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

/** Removes the example of a whole form. Without it, the converter also lists the optional fields. */
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
