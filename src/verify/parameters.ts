import type { Operation, Parameter } from '../contract/operations.ts'
import { type Fields, formOf } from './requests.ts'
import { asText } from './values.ts'

/** A value that the contract itself gives for a parameter. */
export const exampleText = ({ example, schema }: Parameter): string | undefined => {
  const value = example ?? schema.example ?? schema.default ?? schema.enum?.[0]
  return value === undefined ? undefined : asText(value)
}

/** The path of an operation, with values for what is in braces. */
export const filledPath = (path: string, values: Readonly<Record<string, string>>): string =>
  path.replace(/\{([^}]*)\}/g, (_braces, name: string) => encodeURIComponent(values[name] ?? 'x'))

/** The path of an operation by the examples of its parameters: there may be nothing there. */
export const examplePath = ({ path, parameters }: Operation): string =>
  filledPath(
    path,
    Object.fromEntries(
      parameters.flatMap((parameter) => {
        const text = parameter.in === 'path' ? exampleText(parameter) : undefined
        return text === undefined ? [] : [[parameter.name, text]]
      }),
    ),
  )

export const withQuery = (path: string, query: Fields): string =>
  query.length === 0 ? path : `${path}?${formOf(query)}`
