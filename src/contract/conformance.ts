import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { type ContractDocument, type HeaderObject, operationsOf, resolve, type ResponseObject } from './document.ts'

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

const pointer = (...keys: readonly string[]): string =>
  keys.map((key) => `/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')

/** A check of answers against everything the contract says of them: status, media type, headers and body.
 * Validators are compiled when they are first needed. */
export const createConformance = (document: ContractDocument): Conformance => {
  const ajv = new Ajv({ strict: false, validateFormats: false, validateSchema: false, allErrors: true })
  ajv.addSchema(document, 'contract')
  const validators = new Map<string, ValidateFunction>()
  const places = placesOfResponses(document)

  const matches = (place: string, value: unknown): string | undefined => {
    const validate = validators.get(place) ?? ajv.compile({ $ref: `contract#${place}` })
    validators.set(place, validate)
    return validate(value) ? undefined : (validate.errors ?? []).map(describe).join('; ')
  }

  const headerViolations = (place: string, declared: ResponseObject['headers'], given: Answer['headers']): string[] => {
    const violations: string[] = []
    const names = new Set<string>()
    for (const [name, reference] of Object.entries(declared ?? {})) {
      names.add(name.toLowerCase())
      const header = resolve<HeaderObject>(document, reference)
      const value = given[name.toLowerCase()]
      if (value === undefined) {
        if (header.required) violations.push(`the header ${name} is missing`)
        continue
      }
      const at = '$ref' in reference ? reference.$ref.slice(1) : `${place}${pointer('headers', name)}`
      const wrong = matches(`${at}/schema`, header.schema.type === 'integer' ? Number(value) : value)
      if (wrong !== undefined) violations.push(`the header ${name} is not as declared: ${wrong}`)
    }
    const extra = Object.keys(given).filter((name) => !names.has(name) && !undeclaredHeaders.has(name))
    return [...violations, ...extra.map((name) => `the header ${name} is not declared`)]
  }

  const bodyViolations = (place: string, response: ResponseObject, { headers, body }: Answer): string[] => {
    const mediaTypes = Object.keys(response.content ?? {})
    const mediaType = typeof headers['content-type'] === 'string' ? headers['content-type'].split(';')[0] : undefined
    if (mediaTypes.length === 0) return body || mediaType !== undefined ? ['a body is not declared'] : []
    if (mediaType === undefined || !mediaTypes.includes(mediaType))
      return [`the media type ${mediaType} is not declared`]
    if (body === undefined) return []
    const value = parsed(body)
    if (value === undefined) return ['the body is not JSON']
    const wrong = matches(`${place}${pointer('content', mediaType)}/schema`, value)
    return wrong === undefined ? [] : [`the body is not as declared: ${wrong}`]
  }

  return (operationId, answer) => {
    const location = `${operationId ?? ''} ${answer.status}`
    const found = places.get(location)
    if (found === undefined)
      return [`the status ${answer.status} is not declared for ${operationId ?? 'unmatched requests'}`]
    return [
      ...headerViolations(found.place, found.response.headers, answer.headers),
      ...bodyViolations(found.place, found.response, answer),
    ]
  }
}

interface Place {
  /** A JSON Pointer to the response, references followed. */
  readonly place: string
  readonly response: ResponseObject
}

/** Where each declared response stands, by "operationId status"; without an operationId for unmatched ones. */
const placesOfResponses = (document: ContractDocument): ReadonlyMap<string, Place> => {
  const places = new Map<string, Place>()
  const add = (id: string, at: string, responses: ContractDocument['x-unmatched-responses']): void => {
    for (const [status, reference] of Object.entries(responses)) {
      const place = '$ref' in reference ? reference.$ref.slice(1) : `${at}${pointer(status)}`
      places.set(`${id} ${status}`, { place, response: resolve<ResponseObject>(document, reference) })
    }
  }
  for (const { path, method, operation } of operationsOf(document)) {
    add(operation.operationId, pointer('paths', path, method, 'responses'), operation.responses)
  }
  add('', pointer('x-unmatched-responses'), document['x-unmatched-responses'])
  return places
}

/** The (operationId, status) pairs that the contract declares; an empty operationId for unmatched requests. */
export const declaredPairs = (document: ContractDocument): readonly string[] => [...placesOfResponses(document).keys()]

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
