import {
  type ContractDocument,
  type Method,
  methods,
  type OperationObject,
  type ParameterObject,
  referenceBelow,
  resolve,
  type ResponseObject,
  type Responses,
} from './document.ts'
import { type Schema, wholeSchema } from './schema.ts'

/** An operation of the contract, with all references resolved. */
export interface Operation {
  readonly id: string
  readonly method: Method
  /** The path as the contract writes it, with its parameters in braces. */
  readonly path: string
  /** The operation's parameters, and those of its path that it does not override. */
  readonly parameters: readonly Parameter[]
  /** Whether a request requires an access token. */
  readonly isSecured: boolean
  /** Alternatives: a token needs all scopes of one of them. The list is empty when a token needs no scope. */
  readonly scopes: readonly (readonly string[])[]
  /** The maximum time since the user logged in; undefined when there is no limit. */
  readonly maxAuthenticationAgeSeconds: number | undefined
  /** Undefined when the operation accepts no body. */
  readonly body: RequestBody | undefined
  readonly responses: ReadonlyMap<number, DeclaredResponse>
}

/** A Parameter Object of OpenAPI. */
export interface Parameter extends ParameterObject {
  readonly schema: Schema
}

export interface RequestBody {
  readonly mediaTypes: readonly string[]
  /** The schema of the first media type. */
  readonly schema: Schema
  /** Undefined when the contract sets no limit. */
  readonly limitBytes: number | undefined
}

/** A Response Object of OpenAPI, with its status and its location in the contract. */
export interface DeclaredResponse extends ResponseObject {
  readonly status: number
  /** The first media type, which the service sends; undefined when there is no body. */
  readonly mediaType: string | undefined
  /** A local reference to the object itself. */
  readonly reference: string
}

/** Every operation of the contract, in the contract's order.
 * @throws Error when the target of a reference is missing */
export const operationsOf = (document: ContractDocument): readonly Operation[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const declared = item[method]
      return declared ? [operationOf(document, path, method, declared)] : []
    }),
  )

/** The responses to requests that match no operation. */
export const unmatchedResponses = (document: ContractDocument): Operation['responses'] =>
  responsesOf(document, document['x-unmatched-responses'], referenceBelow('#', 'x-unmatched-responses'))

const operationOf = (
  document: ContractDocument,
  path: string,
  method: Method,
  declared: OperationObject,
): Operation => ({
  id: declared.operationId,
  method,
  path,
  parameters: parametersOf(document, path, declared),
  isSecured: declared.security.length > 0,
  scopes: scopesOf(declared),
  maxAuthenticationAgeSeconds: declared['x-max-authentication-age'],
  body: bodyOf(document, declared),
  responses: responsesOf(document, declared.responses, referenceBelow('#', 'paths', path, method, 'responses')),
})

/** OpenAPI identifies a parameter by its location and its name. The operation's parameters override those of its path. */
const parametersOf = (
  document: ContractDocument,
  path: string,
  { parameters: own = [] }: OperationObject,
): readonly Parameter[] => {
  const byLocationAndName = new Map<string, Parameter>()
  for (const given of [...(document.paths[path]?.parameters ?? []), ...own]) {
    const parameter = resolve<ParameterObject>(document, given)
    const schema = wholeSchema(document, parameter.schema ?? {})
    byLocationAndName.set(`${parameter.in} ${parameter.name}`, { ...parameter, schema })
  }
  return [...byLocationAndName.values()]
}

const scopesOf = ({ security }: OperationObject): Operation['scopes'] => {
  const alternatives = security.map((requirement) => Object.values(requirement).flat())
  return alternatives.some((scopes) => scopes.length === 0) ? [] : alternatives
}

const bodyOf = (document: ContractDocument, declared: OperationObject): RequestBody | undefined => {
  if (declared.requestBody === undefined) return undefined
  const { content } = resolve(document, declared.requestBody)
  const [media] = Object.values(content)
  return {
    mediaTypes: Object.keys(content),
    schema: wholeSchema(document, media?.schema ?? {}),
    limitBytes: declared['x-body-limit'],
  }
}

const responsesOf = (document: ContractDocument, declared: Responses, parent: string): Operation['responses'] =>
  new Map(
    Object.entries(declared).map(([key, given]) => {
      const status = Number(key)
      const response = resolve<ResponseObject>(document, given)
      const [mediaType] = Object.keys(response.content ?? {})
      const reference = '$ref' in given ? given.$ref : referenceBelow(parent, key)
      return [status, { ...response, status, mediaType, reference }]
    }),
  )
