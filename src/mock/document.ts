import { type ContractDocument, methods, type OperationObject } from '../contract/document.ts'

/** The contract in a file, perhaps one that is still being written. What it may leave out is there, empty.
 * @param value as loaded from the file
 * @throws Error with what is missing, when it is no contract or has an operation that cannot be served */
export const contractIn = (file: string, value: unknown): ContractDocument => {
  if (!isDocument(value)) throw new Error(`${file} is no OpenAPI 3.0 document`)
  for (const [path, item] of Object.entries(value.paths)) {
    for (const method of methods.filter((one) => one in item)) {
      const missing = (['operationId', 'responses'] as const).find((name) => !item[method]?.[name])
      if (missing) throw new Error(`${file}: ${method.toUpperCase()} ${path} has no ${missing}`)
    }
  }
  return complete(value)
}

/** What every OpenAPI document has. */
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

/** The operations of a path, those without a security of their own with that of the document. */
const securedOperations = (item: PathItem, security: OperationObject['security']): PathItem =>
  Object.fromEntries(
    methods.flatMap((method) => (item[method] ? [[method, Object.assign({ security }, item[method])] as const] : [])),
  )

type PathItem = ContractDocument['paths'][string]
