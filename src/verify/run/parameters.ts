import { type ContractDocument, type LinkObject, resolve } from '../../contract/document.ts'
import type { Operation, Parameter } from '../../contract/operations.ts'
import { type Fields, formOf } from './requests.ts'

/** A value as text in a query or a path. */
export const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** The contract's own value for a parameter: an example, a default or the first value of its enum. */
export const exampleText = ({ example, schema }: Parameter): string | undefined => {
  const value = example ?? schema.example ?? schema.default ?? schema.enum?.[0]
  return value === undefined ? undefined : asText(value)
}

/** The values of `exampleText` by the names of the parameters. */
export const exampleFields = (parameters: readonly Parameter[]): Fields =>
  parameters.flatMap((parameter) => {
    const text = exampleText(parameter)
    return text === undefined ? [] : [[parameter.name, text]]
  })

/** Fills in the parameters of a path. */
export const filledPath = (path: string, values: Readonly<Record<string, string>>): string =>
  path.replace(/\{([^}]*)\}/g, (_braces, name: string) => encodeURIComponent(values[name] ?? 'x'))

/** Fills the examples of the parameters into the path of an operation. They may name nothing that exists.
 * @param values used instead of examples */
export const examplePath = ({ path, parameters }: Operation, values: Readonly<Record<string, string>> = {}): string => {
  const examples = exampleFields(parameters.filter((parameter) => parameter.in === 'path'))
  return filledPath(path, { ...Object.fromEntries(examples), ...values })
}

export const withQuery = (path: string, query: Fields): string =>
  query.length === 0 ? path : `${path}?${formOf(query)}`

const bodyExpression = /^\$response\.body#(\/.*)$/

/** Finds the operation whose successful response contains the value of a parameter. It skips operations with required
 * parameters. */
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
