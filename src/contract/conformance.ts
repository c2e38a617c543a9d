import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { type ContractDocument, type HeaderObject, referenceBelow, resolve } from './document.ts'
import { type DeclaredResponse, operationsOf, unmatchedResponses } from './operations.ts'

/** An answer as it goes over the wire. */
export interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, unknown>>
  /** Undefined for HEAD, which has none to check. */
  readonly body: string | undefined
}

/** Says in which ways an answer is not as the contract declares it: an empty list when it is.
 * @param operationId undefined for an answer given before an operation is known */
export type Conformance = (operationId: string | undefined, answer: Answer) => readonly string[]

// HTTP's own; Content-Type is declared as the media type of the content.
const undeclaredHeaders = new Set([
  'connection',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'transfer-encoding',
])

/** A check of answers against everything the contract says of them: status, media type, headers and body.
 * Validators are compiled when they are first needed. */
export const createConformance = (document: ContractDocument): Conformance => {
  const ajv = new Ajv({ strict: false, validateFormats: false, validateSchema: false, allErrors: true })
  ajv.addSchema(document, 'contract')
  const validators = new Map<string, ValidateFunction>()
  const declared = new Map(
    [...declaredResponses(document)].map(([key, response]) => [
      key,
      { response, headers: headersOf(document, response) },
    ]),
  )

  const faultOf = (schema: string, value: unknown): string | undefined => {
    const validate = validators.get(schema) ?? ajv.compile({ $ref: `contract${schema}` })
    validators.set(schema, validate)
    return validate(value) ? undefined : (validate.errors ?? []).map(describe).join('; ')
  }

  const headerViolations = (headers: DeclaredHeaders, given: Answer['headers']): string[] => {
    const violations: string[] = []
    for (const [lowerCaseName, { name, required, isInteger, schema }] of headers) {
      const value = given[lowerCaseName]
      if (value === undefined) {
        if (required) violations.push(`the header ${name} is missing`)
        continue
      }
      const fault = faultOf(schema, isInteger ? Number(value) : value)
      if (fault !== undefined) violations.push(`the header ${name} is not as declared: ${fault}`)
    }
    const extra = Object.keys(given).filter((name) => !headers.has(name) && !undeclaredHeaders.has(name))
    return [...violations, ...extra.map((name) => `the header ${name} is not declared`)]
  }

  const bodyViolations = ({ content = {}, reference }: DeclaredResponse, { headers, body }: Answer): string[] => {
    const mediaTypes = Object.keys(content)
    const mediaType = typeof headers['content-type'] === 'string' ? headers['content-type'].split(';')[0] : undefined
    if (mediaTypes.length === 0) return body || mediaType !== undefined ? ['a body is not declared'] : []
    if (mediaType === undefined || !mediaTypes.includes(mediaType))
      return [`the media type ${mediaType} is not declared`]
    if (body === undefined) return []
    const value = parsed(body)
    if (value === undefined) return ['the body is not JSON']
    const fault = faultOf(referenceBelow(reference, 'content', mediaType, 'schema'), value)
    return fault === undefined ? [] : [`the body is not as declared: ${fault}`]
  }

  return (operationId, answer) => {
    const found = declared.get(`${operationId ?? ''} ${answer.status}`)
    if (found === undefined)
      return [`the status ${answer.status} is not declared for ${operationId ?? 'unmatched requests'}`]
    return [...headerViolations(found.headers, answer.headers), ...bodyViolations(found.response, answer)]
  }
}

/** By name in lower case. */
type DeclaredHeaders = ReadonlyMap<
  string,
  { readonly name: string; readonly required: boolean; readonly isInteger: boolean; readonly schema: string }
>

const headersOf = (document: ContractDocument, { headers = {}, reference }: DeclaredResponse): DeclaredHeaders =>
  new Map(
    Object.entries(headers).map(([name, header]) => {
      const { required = false, schema } = resolve<HeaderObject>(document, header)
      const place = '$ref' in header ? header.$ref : referenceBelow(reference, 'headers', name)
      const isInteger = schema.type === 'integer'
      return [name.toLowerCase(), { name, required, isInteger, schema: `${place}/schema` }]
    }),
  )

/** Each declared response by "operationId status"; without an operationId for unmatched requests. */
const declaredResponses = (document: ContractDocument): ReadonlyMap<string, DeclaredResponse> =>
  new Map(
    [...operationsOf(document), { id: '', responses: unmatchedResponses(document) }].flatMap(({ id, responses }) =>
      [...responses].map(([status, response]) => [`${id} ${status}`, response] as const),
    ),
  )

/** The (operationId, status) pairs that the contract declares; an empty operationId for unmatched requests. */
export const declaredPairs = (document: ContractDocument): readonly string[] => [...declaredResponses(document).keys()]

/** What is wrong, with the names of members but never a value. */
const describe = ({ instancePath, keyword, params, message }: ErrorObject): string => {
  const given = params as Readonly<Record<string, unknown>>
  const member = (name: unknown): string => `the member ${instancePath}/${String(name)}`
  if (keyword === 'additionalProperties') return `${member(given.additionalProperty)} is not declared`
  if (keyword === 'required') return `${member(given.missingProperty)} is missing`
  const rule = keyword === 'enum' ? `must be ${JSON.stringify(given.allowedValues)}` : (message ?? keyword)
  return instancePath === '' ? `it ${rule}` : `the member ${instancePath} ${rule}`
}

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
