import { type ContractDocument, type LinkObject, resolve } from '../contract/document.ts'
import type { Operation, Parameter } from '../contract/operations.ts'

const bodyExpression = /^\$response\.body#(\/.*)$/

/** Where the success of another operation has the value of a parameter. Operations that need such a value themselves
 * are passed over. */
export const linkTo = (
  document: ContractDocument,
  operations: readonly Operation[],
  operation: Operation,
  { name, in: kind }: Parameter,
): { readonly source: Operation; readonly pointer: string } | undefined => {
  for (const source of operations) {
    if (source.parameters.some(({ required }) => required)) continue
    for (const { status, links = {} } of source.responses.values()) {
      if (status < 200 || status >= 300) continue
      for (const reference of Object.values(links)) {
        const { operationId, parameters = {} } = resolve<LinkObject>(document, reference)
        const pointer = bodyExpression.exec(String(parameters[name] ?? parameters[`${kind}.${name}`]))?.[1]
        if (operationId === operation.id && pointer !== undefined) return { source, pointer }
      }
    }
  }
  return undefined
}
