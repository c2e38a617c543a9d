// Compares two contracts from the view of a client of the first one. The second must still accept the client's
// requests, return only what the first declares, and keep the names that generators use.
import { breaking, change, compareRest, compatible } from './change.mjs'
import { dereference, keysOf } from './document.mjs'
import { compareBodies, compareParameters, compareResponses } from './messages.mjs'
import { compareRequirements, compareSchemes } from './security.mjs'

/** The changes from one contract to another, both as loaded from YAML. */
export const compareContracts = (released, current) => {
  const [before, after] = [released, current].map(dereference)
  return [
    ...comparePaths(before, after),
    ...compareResponses(before['x-unmatched-responses'], after['x-unmatched-responses'], 'no operation'),
    ...compareSchemes(before.components?.securitySchemes, after.components?.securitySchemes),
    ...compareTypeNames(before.components?.schemas, after.components?.schemas),
    ...compareServers(before.servers, after.servers),
    ...compareRest(before, after, ['info', 'servers', 'tags', 'paths', 'components', 'security'], 'the document'),
  ]
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

const comparePaths = (before, after) =>
  keysOf(before.paths, after.paths).flatMap((path) => {
    const [one = {}, other = {}] = [before.paths[path], after.paths[path]]
    return [
      ...methods.flatMap((method) => compareMethod(before, after, path, method)),
      ...compareRest(one, other, [...methods, 'parameters'], path),
    ]
  })

const compareMethod = (before, after, path, method) => {
  const place = `${method.toUpperCase()} ${path}`
  const [one, other] = [before, after].map((document) => operationOf(document, path, method))
  if (!one && !other) return []
  if (!other) return breaking(place, 'the operation was removed')
  if (!one) return compatible(place, 'the operation is new')
  return [
    ...compareNames(one, other, place),
    ...compareRequirements(one.security, other.security, place),
    ...compareParameters(one.parameters, other.parameters, place),
    ...compareBodyLimit(one, other, place),
    ...compareBodies(one.requestBody, other.requestBody, `${place} request`),
    ...compareResponses(one.responses, other.responses, place),
    ...compareRest(one, other, handled, place),
  ]
}

const handled = ['operationId', 'tags', 'security', 'parameters', 'requestBody', 'responses']

/** The operation with the security of the document and the parameters of its path. */
const operationOf = (document, path, method) => {
  const item = document.paths[path]
  const operation = item?.[method]
  if (!operation) return undefined
  return {
    ...operation,
    security: operation.security ?? document.security ?? [],
    parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])],
  }
}

/** Generators name functions by the operationId, and their class by the first tag. */
const compareNames = (before, after, place) => [
  ...compareName('the operationId', before.operationId, after.operationId, place),
  ...compareName('the first tag', before.tags?.[0], after.tags?.[0], place),
]

const compareName = (what, before, after, place) =>
  before === after ? [] : breaking(place, `${what} went from ${before ?? 'none'} to ${after ?? 'none'}`)

/** Generators name types by the name of the schema. */
const compareTypeNames = (before = {}, after = {}) =>
  Object.keys(before)
    .filter((name) => !(name in after))
    .flatMap((name) => breaking(`schema ${name}`, 'the schema was removed or renamed'))

const compareBodyLimit = (before, after, place) => {
  const [was = Infinity, is = Infinity] = [before, after].map((operation) => operation['x-body-limit'])
  // An operation without a body had no limit that clients could rely on.
  if (was === is || !before.requestBody) return []
  return change(is < was, place, `x-body-limit went from ${was} to ${is}`)
}

/** By default, generated clients call the first server. */
const compareServers = (before = [], after = []) => [
  ...compareName('the first server', before[0]?.url, after[0]?.url, 'the document'),
  ...before.flatMap((one) => {
    const other = after.find(({ url }) => url === one.url)
    if (!other) return breaking('the document', `the server ${one.url} was removed`)
    return compareRest(one, other, ['url'], 'the document', `the server ${one.url}`)
  }),
]
