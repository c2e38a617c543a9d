import { type ContractDocument, type LinkObject, resolve } from '../../contract/document.ts'
import type { Operation, Parameter } from '../../contract/operations.ts'
import { type Fields, formOf } from './requests.ts'

/** A value in a query or a path. */
export const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** A value that the contract itself gives for a parameter. */
export const exampleText = ({ example, schema }: Parameter): string | undefined => {
  const value = example ?? schema.example ?? schema.default ?? schema.enum?.[0]
  return value === undefined ? undefined : asText(value)
}

/** The examples of parameters, where the contract has one. */
export const exampleFields = (parameters: readonly Parameter[]): Fields =>
  parameters.flatMap((parameter) => {
    const text = exampleText(parameter)
    return text === undefined ? [] : [[parameter.name, text]]
  })

/** The path of an operation with values for its parameters. */
export const filledPath = (path: string, values: Readonly<Record<string, string>>): string =>
  path.replace(/\{([^}]*)\}/g, (_braces, name: string) => encodeURIComponent(values[name] ?? 'x'))

/** The path of an operation with the examples of its parameters, which may name nothing that exists.
 * @param values in place of examples */
export const examplePath = ({ path, parameters }: Operation, values: Readonly<Record<string, string>> = {}): string => {
  const examples = exampleFields(parameters.filter((parameter) => parameter.in === 'path'))
  return filledPath(path, { ...Object.fromEntries(examples), ...values })
}

export const withQuery = (path: string, query: Fields): string =>
  query.length === 0 ? path : `${path}?${formOf(query)}`

const bodyExpression = /^\$response\.body#(\/.*)$/

/** Where a successful response of another operation has the value of a parameter. Operations that need such a value
 * themselves are left out. */
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
