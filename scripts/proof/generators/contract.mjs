// What the proof reads from the contract: names, parameters, and the answers that have a body.
import { valueAt } from '../../references.mjs'

const methods = ['get', 'put', 'post', 'delete', 'patch']

const resolve = (document, object) => (object.$ref === undefined ? object : valueAt(document, object.$ref))

/** @returns for each operation its id, whether it takes a body, its parameters by their places, and the statuses of its
 * answers that have a body */
export const operationsOf = (document) =>
  Object.values(document.paths).flatMap((item) =>
    methods.flatMap((method) => (item[method] ? [describe(document, item, item[method])] : [])),
  )

const describe = (document, item, { operationId, parameters = [], requestBody, responses }) => {
  const all = [...parameters, ...(item.parameters ?? [])].map((parameter) => resolve(document, parameter))
  const namesIn = (place) => all.filter((parameter) => parameter.in === place).map(({ name }) => name)
  const statuses = Object.keys(responses).filter((status) => resolve(document, responses[status]).content !== undefined)
  return {
    id: operationId,
    // With parameters, the place of the body among the arguments is another in each client.
    takesOnlyBody: requestBody !== undefined && all.length === 0,
    parameters: { path: namesIn('path'), query: namesIn('query') },
    success: statuses.filter((status) => status.startsWith('2')),
    errors: statuses.filter((status) => !status.startsWith('2')),
  }
}

/** Every name that a user of a client looks for. */
export const namesOf = (document) => ({
  operations: operationsOf(document).map(({ id }) => id),
  schemas: Object.keys(document.components.schemas),
})
