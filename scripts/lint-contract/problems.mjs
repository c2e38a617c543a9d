// Checks the rules of this project that Redocly and Spectral do not know.
import { createResolver, listOperations } from '../operations.mjs'

/** The problems of a contract, each as a sentence. */
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
    return ['state the security of the operation, [] for none: importers apply a global one to every operation']
  }
  return [...securityProblems(operation, scopes), ...bodyProblems(operation)]
}

const securityProblems = ({ security, 'x-max-authentication-age': maxAge }, scopes) => {
  const required = security.flatMap((requirement) => Object.values(requirement).flat())
  const undeclared = required.filter((scope) => !scopes.has(scope))
  return [
    ...undeclared.map(
      (scope) => `declare the scope ${scope} in the security scheme, because no log-in can grant it otherwise`,
    ),
    ...(security.some((requirement) => Object.keys(requirement).length === 0)
      ? ['remove the empty security entry: it makes the token optional, and the handlers require one']
      : []),
    ...(required.length > 0 && security.some((requirement) => Object.values(requirement).flat().length === 0)
      ? ['give every security entry its scopes: entries are alternatives, so one without scopes bypasses the others']
      : []),
    ...(security.length > 0 && !('oauth2' in security[0])
      ? ['name oauth2 first, because Postman uses the first entry']
      : []),
    ...(maxAge !== undefined && !(security.length > 0 && Number.isInteger(maxAge) && maxAge > 0)
      ? ['give x-max-authentication-age in whole seconds, and only to operations that require a token']
      : []),
  ]
}

const bodyProblems = ({ requestBody, 'x-body-limit': limit }) => {
  if (!requestBody) return []
  const schemas = Object.values(requestBody.content).map(({ schema }) => schema.$ref)
  return [
    ...(limit > 0 ? [] : ['state x-body-limit, in bytes']),
    ...(new Set(schemas).size > 1 || schemas.includes(undefined)
      ? ['give all media types of a body the same $ref, because only one schema is validated']
      : []),
  ]
}
