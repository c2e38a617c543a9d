import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { type ContractDocument, type HeaderObject, referenceBelow, resolve } from './document.ts'
import { type DeclaredResponse, operationsOf, unmatchedResponses } from './operations.ts'

/** A response as sent over the wire. */
export interface HttpResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, unknown>>
  /** Undefined for a response to HEAD, which has no body. */
  readonly body: string | undefined
}

/** Lists how a response violates the contract. The list is empty when the response conforms.
 * @param operationId undefined when the request matched no operation */
export type Conformance = (operationId: string | undefined, response: HttpResponse) => readonly string[]

// HTTP itself defines these headers. The contract declares a media type instead of the header Content-Type.
const headersOfHttp = new Set([
  'connection',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'transfer-encoding',
])

/** Creates a check of responses against the contract: status, media type, headers and body. It compiles each validator on
 * first use. */
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

  const schemaErrors = (schema: string, value: unknown): string | undefined => {
    const validate = validators.get(schema) ?? ajv.compile({ $ref: `contract${schema}` })
    validators.set(schema, validate)
    return validate(value) ? undefined : (validate.errors ?? []).map(describe).join('; ')
  }

  const headerViolations = (headers: DeclaredHeaders, given: HttpResponse['headers']): string[] => {
    const violations: string[] = []
    for (const [lowerCaseName, { name, required, isInteger, schema }] of headers) {
      const value = given[lowerCaseName]
      if (value === undefined) {
        if (required) violations.push(`the header ${name} is missing`)
        continue
      }
      const errors = schemaErrors(schema, isInteger ? Number(value) : value)
      if (errors !== undefined) violations.push(`the header ${name} does not match its schema: ${errors}`)
    }
    const extra = Object.keys(given).filter((name) => !headers.has(name) && !headersOfHttp.has(name))
    return [...violations, ...extra.map((name) => `the header ${name} is not declared`)]
  }

  const bodyViolations = ({ content = {}, reference }: DeclaredResponse, { headers, body }: HttpResponse): string[] => {
    const mediaTypes = Object.keys(content)
    const mediaType = typeof headers['content-type'] === 'string' ? headers['content-type'].split(';')[0] : undefined
    if (mediaTypes.length === 0) return body || mediaType !== undefined ? ['the contract declares no body'] : []
    if (mediaType === undefined) return ['the header Content-Type is missing']
    if (!mediaTypes.includes(mediaType)) return [`the media type ${mediaType} is not declared`]
    if (body === undefined) return []
    const value = parseJson(body)
    if (value === undefined) return ['the body is not JSON']
    const errors = schemaErrors(referenceBelow(reference, 'content', mediaType, 'schema'), value)
    return errors === undefined ? [] : [`the body does not match its schema: ${errors}`]
  }

  return (operationId, response) => {
    const found = declared.get(`${operationId ?? ''} ${response.status}`)
    if (found === undefined)
      return [`the status ${response.status} is not declared for ${operationId ?? 'unmatched requests'}`]
    return [...headerViolations(found.headers, response.headers), ...bodyViolations(found.response, response)]
  }
}

/** The keys are header names in lower case. */
type DeclaredHeaders = ReadonlyMap<
  string,
  { readonly name: string; readonly required: boolean; readonly isInteger: boolean; readonly schema: string }
>

const headersOf = (document: ContractDocument, { headers = {}, reference }: DeclaredResponse): DeclaredHeaders =>
  new Map(
    Object.entries(headers).map(([name, header]) => {
      const { required = false, schema } = resolve<HeaderObject>(document, header)
      const location = '$ref' in header ? header.$ref : referenceBelow(reference, 'headers', name)
      const isInteger = schema.type === 'integer'
      return [name.toLowerCase(), { name, required, isInteger, schema: `${location}/schema` }]
    }),
  )

/** Maps "operationId status" to the declared response. The operationId is empty for unmatched requests. */
const declaredResponses = (document: ContractDocument): ReadonlyMap<string, DeclaredResponse> =>
  new Map(
    [...operationsOf(document), { id: '', responses: unmatchedResponses(document) }].flatMap(({ id, responses }) =>
      [...responses].map(([status, response]) => [`${id} ${status}`, response] as const),
    ),
  )

/** The pairs "operationId status" that the contract declares. The operationId is empty for unmatched requests. */
export const declaredPairs = (document: ContractDocument): readonly string[] => [...declaredResponses(document).keys()]

/** Describes an error. It names members but never quotes a value of the response. */
const describe = ({ instancePath, keyword, params, message }: ErrorObject): string => {
  const given = params as Readonly<Record<string, unknown>>
  const member = (name: unknown): string => `the member ${instancePath}/${String(name)}`
  if (keyword === 'additionalProperties') return `${member(given.additionalProperty)} is not declared`
  if (keyword === 'required') return `${member(given.missingProperty)} is missing`
  const rule = keyword === 'enum' ? `must be ${JSON.stringify(given.allowedValues)}` : (message ?? keyword)
  return instancePath === '' ? `it ${rule}` : `the member ${instancePath} ${rule}`
}

const parseJson = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
