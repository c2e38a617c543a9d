import { type ContractDocument, type Located, resolve } from '../contract/document.ts'
import { type Fields, formOf } from './requests.ts'
import { asText, type Schema, wholeSchema } from './values.ts'

/** A Parameter Object of OpenAPI, references followed. */
export interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema: Schema
  readonly example?: unknown
}

/** The parameters of an operation: its own, and those of its path that it does not replace. */
export const parametersOf = (document: ContractDocument, { path, operation }: Located): readonly Parameter[] => {
  const found = new Map<string, Parameter>()
  for (const declared of [...(document.paths[path]?.parameters ?? []), ...(operation.parameters ?? [])]) {
    const parameter = resolve<Parameter>(document, declared as Parameter)
    found.set(`${parameter.in} ${parameter.name}`, { ...parameter, schema: wholeSchema(document, parameter.schema) })
  }
  return [...found.values()]
}

/** A value that the contract itself gives for a parameter. */
export const exampleText = ({ example, schema }: Parameter): string | undefined => {
  const value = example ?? schema.example ?? schema.default ?? schema.enum?.[0]
  return value === undefined ? undefined : asText(value)
}

/** The path of an operation, with values for what is in braces. */
export const filledPath = (path: string, values: Readonly<Record<string, string>>): string =>
  path.replace(/\{([^}]*)\}/g, (_braces, name: string) => encodeURIComponent(values[name] ?? 'x'))

/** The path of an operation by the examples of its parameters: there may be nothing there. */
export const examplePath = (document: ContractDocument, located: Located): string =>
  filledPath(
    located.path,
    Object.fromEntries(
      parametersOf(document, located).flatMap((parameter) => {
        const text = parameter.in === 'path' ? exampleText(parameter) : undefined
        return text === undefined ? [] : [[parameter.name, text]]
      }),
    ),
  )

/** Whether a path, without its query, may be one of an operation. A slash at its end makes no difference. */
export const isAt = (template: string, path: string): boolean => {
  const fixedParts = template.split(/\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${fixedParts.join('[^/]+')}/?$`).test(path.split('?')[0] ?? '')
}

export const withQuery = (path: string, query: Fields): string =>
  query.length === 0 ? path : `${path}?${formOf(query)}`
