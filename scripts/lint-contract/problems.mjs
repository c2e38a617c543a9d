// What this project asks of its contract beyond the rules of others.
import { createResolver, listOperations } from '../operations.mjs'

/** What is wrong with a contract, one sentence for each. */
export const contractProblems = (document) =>
  listOperations(document, createResolver(document)).flatMap((operation) =>
    operationProblems(operation, declaredScopes(document)).map(
      (problem) => `${operation.method.toUpperCase()} ${operation.path}: ${problem}`,
    ),
  )

const declaredScopes = ({ components }) =>
  new Set(
    Object.values(components.securitySchemes).flatMap(({ flows = {} }) =>
      Object.values(flows).flatMap(({ scopes }) => Object.keys(scopes)),
    ),
  )

const operationProblems = (operation, scopes) => {
  const { security } = operation
  if (!Array.isArray(security)) {
    return ['state the security of the operation, [] for none (importers apply a global one to every operation)']
  }
  return [...securityProblems(operation, scopes), ...bodyProblems(operation)]
}

const securityProblems = ({ security, 'x-max-authentication-age': maxAge }, scopes) => {
  const asked = security.flatMap((requirement) => Object.values(requirement).flat())
  const undeclared = asked.filter((scope) => !scopes.has(scope))
  return [
    ...undeclared.map((scope) => `declare the scope ${scope} in the security scheme, or nobody can be granted it`),
    ...(security.some((requirement) => Object.keys(requirement).length === 0)
      ? ['an empty entry makes the token optional, and no handler is written for that']
      : []),
    ...(asked.length > 0 && security.some((requirement) => Object.values(requirement).flat().length === 0)
      ? ['an entry without scopes beside one with them would be a way around them: entries are alternatives']
      : []),
    ...(security.length > 0 && !('oauth2' in security[0])
      ? ['name oauth2 first, as Postman takes the first entry']
      : []),
    ...(maxAge !== undefined && !(security.length > 0 && Number.isInteger(maxAge) && maxAge > 0)
      ? ['x-max-authentication-age is in whole seconds, and for operations that ask for a token']
      : []),
  ]
}

const bodyProblems = ({ requestBody, 'x-body-limit': limit }) => {
  if (!requestBody) return []
  const schemas = Object.values(requestBody.content).map(({ schema }) => schema.$ref)
  return [
    ...(limit > 0 ? [] : ['state x-body-limit, in bytes']),
    ...(new Set(schemas).size > 1 || schemas.includes(undefined)
      ? ['give all media types of a body one $ref: only one of several schemas would be validated']
      : []),
  ]
}
