import { type ContractDocument, methods, type OperationObject } from '../contract/document.ts'

/** Checks a contract that may be unfinished, and adds the optional parts that it lacks as empty ones.
 * @param file the name of the file, for errors
 * @param value the parsed content of the file
 * @throws Error if it is not a contract, or if an operation lacks a part that the mock needs */
export const contractIn = (file: string, value: unknown): ContractDocument => {
  if (!isDocument(value)) throw new Error(`${file} is not an OpenAPI 3.0 document`)
  for (const [path, item] of Object.entries(value.paths)) {
    for (const method of methods.filter((one) => one in item)) {
      const missing = (['operationId', 'responses'] as const).find((name) => !item[method]?.[name])
      if (missing) throw new Error(`${file}: ${method.toUpperCase()} ${path} has no ${missing}`)
    }
  }
  return complete(value)
}

/** The parts that every OpenAPI document has. */
type Document = Partial<ContractDocument> &
  Pick<ContractDocument, 'openapi' | 'info' | 'paths'> & { readonly security?: OperationObject['security'] }

const isDocument = (value: unknown): value is Document => {
  if (!isObject(value)) return false
  const { openapi, info, paths } = value
  return String(openapi).startsWith('3.0.') && isObject(info) && isObject(paths) && Object.values(paths).every(isObject)
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const complete = (document: Document): ContractDocument => ({
  ...document,
  servers: document.servers ?? [],
  paths: Object.fromEntries(
    Object.entries(document.paths).map(([path, item]) => [
      path,
      { ...item, ...securedOperations(item, document.security ?? []) },
    ]),
  ),
  components: { ...document.components, securitySchemes: document.components?.securitySchemes ?? {} },
  'x-unmatched-responses': document['x-unmatched-responses'] ?? {},
})

/** The operations of a path. An operation without its own security gets that of the document. */
const securedOperations = (item: PathItem, security: OperationObject['security']): PathItem =>
  Object.fromEntries(
    methods.flatMap((method) => (item[method] ? [[method, Object.assign({ security }, item[method])] as const] : [])),
  )

type PathItem = ContractDocument['paths'][string]
