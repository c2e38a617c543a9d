// Reads the names, the parameters, and the responses with a body, which generated code must have.
import { valueAt } from '../../../scripts/references.mjs'

/** The parts of an operation that the proof needs. */
export interface Operation {
  readonly id: string
  readonly takesOnlyBody: boolean
  readonly parameters: Places
  /** The statuses of responses that have a body. */
  readonly success: readonly string[]
  readonly errors: readonly string[]
}

export interface Places {
  readonly path: readonly string[]
  readonly query: readonly string[]
}

const methods = ['get', 'put', 'post', 'delete', 'patch']

const resolve = (document: any, object: any): any =>
  object.$ref === undefined ? object : valueAt(document, object.$ref)

export const operationsOf = (document: any): readonly Operation[] =>
  Object.values<any>(document.paths).flatMap((item) =>
    methods.flatMap((method) => (item[method] ? [describe(document, item, item[method])] : [])),
  )

const describe = (
  document: any,
  item: any,
  { operationId, parameters = [], requestBody, responses }: any,
): Operation => {
  const all = [...parameters, ...(item.parameters ?? [])].map((parameter) => resolve(document, parameter))
  const namesIn = (place: string): string[] => all.filter((parameter) => parameter.in === place).map(({ name }) => name)
  const statuses = Object.keys(responses).filter((status) => resolve(document, responses[status]).content !== undefined)
  return {
    id: operationId,
    // With parameters, the position of the body differs between the clients.
    takesOnlyBody: requestBody !== undefined && all.length === 0,
    parameters: { path: namesIn('path'), query: namesIn('query') },
    success: statuses.filter((status) => status.startsWith('2')),
    errors: statuses.filter((status) => !status.startsWith('2')),
  }
}

/** All names that a client must have. */
export const namesOf = (
  document: any,
): { readonly operations: readonly string[]; readonly schemas: readonly string[] } => ({
  operations: operationsOf(document).map(({ id }) => id),
  schemas: Object.keys(document.components.schemas),
})
