import {
  type ContractDocument,
  type Located,
  operationsOf,
  resolve,
  type ResponseObject,
} from '../contract/document.ts'
import { type Parameter, parametersOf } from './parameters.ts'

/** A Link Object of OpenAPI. */
interface Link {
  readonly operationId?: string
  readonly parameters?: Readonly<Record<string, unknown>>
}

type Linking = ResponseObject & { readonly links?: Readonly<Record<string, Link | { readonly $ref: string }>> }

const bodyExpression = /^\$response\.body#(\/.*)$/

/** Where the success of another operation has the value of a parameter. Operations that need such a value themselves
 * are passed over. */
export const linkTo = (
  document: ContractDocument,
  located: Located,
  { name, in: kind }: Parameter,
): { readonly source: Located; readonly pointer: string } | undefined => {
  for (const source of operationsOf(document)) {
    if (parametersOf(document, source).some(({ required }) => required)) continue
    for (const [status, response] of Object.entries(source.operation.responses)) {
      if (!status.startsWith('2')) continue
      for (const reference of Object.values((resolve<ResponseObject>(document, response) as Linking).links ?? {})) {
        const { operationId, parameters = {} } = resolve<Link>(document, reference)
        const pointer = bodyExpression.exec(String(parameters[name] ?? parameters[`${kind}.${name}`]))?.[1]
        if (operationId === located.operation.operationId && pointer !== undefined) return { source, pointer }
      }
    }
  }
  return undefined
}

/** What a JSON Pointer (RFC 6901) points to in a text of JSON; undefined for nothing. */
export const valueAt = (text: string, pointer: string): unknown => {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  try {
    return keys.reduce<unknown>((node, key) => (node as Readonly<Record<string, unknown>>)[key], JSON.parse(text))
  } catch {
    return undefined
  }
}
