import {
  type ContractDocument,
  methods,
  type OperationObject,
  type ParameterObject,
  type RequestBodyObject,
  resolve,
  type SecurityRequirement,
} from './document.ts'

type SecuritySchemes = ContractDocument['components']['securitySchemes']

const otherMethods = ['head', 'options', 'trace']
const readableMediaTypes = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data']

/** Refuses a contract with declarations that the service does not enforce.
 * @throws Error that lists all of them */
export const refuseUnsupported = (document: ContractDocument): void => {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method]
      const parameters = [...(item.parameters ?? []), ...(operation?.parameters ?? [])]
      return operation ? [{ title: `${method.toUpperCase()} ${path}`, operation, parameters }] : []
    }),
  )
  const ids = operations.map(({ operation }) => operation.operationId)
  const problems = [
    ...Object.entries(document.paths).flatMap(([path, item]) => itemProblems(path, item)),
    ...operations.flatMap(({ title, operation, parameters }, i) =>
      [
        ...(ids.indexOf(operation.operationId) < i ? [`repeats the operationId ${operation.operationId}`] : []),
        ...securityProblems(document.components.securitySchemes, operation),
        ...parameterProblems(document, parameters),
        ...bodyProblems(document, operation),
      ].map((problem) => `${title} ${problem}`),
    ),
  ]
  if (problems.length > 0) throw new Error(`The service cannot enforce parts of the contract: ${problems.join('; ')}`)
}

const itemProblems = (path: string, item: object): readonly string[] => [
  ...('$ref' in item ? [`${path} refers to another path item`] : []),
  ...otherMethods
    .filter((method) => method in item)
    .map((method) => `${path} has an operation for ${method.toUpperCase()}`),
]

const securityProblems = (
  schemes: SecuritySchemes,
  { security }: Pick<Partial<OperationObject>, 'security'>,
): readonly string[] => {
  if (security === undefined) return ['has no security: write `security: []` when it needs no token']
  return security.flatMap((requirement) => requirementProblems(schemes, requirement))
}

const requirementProblems = (schemes: SecuritySchemes, requirement: SecurityRequirement): readonly string[] => {
  const names = Object.keys(requirement)
  if (names.length === 0) return ['makes its token optional']
  if (names.length > 1) return [`combines the security schemes ${names.join(' and ')}`]
  return names.flatMap((name) =>
    isBearer(schemes[name]) ? [] : [`has the security scheme ${name}, which is not for bearer tokens`],
  )
}

const isBearer = (scheme: SecuritySchemes[string] | undefined): boolean =>
  scheme?.type === 'oauth2' || (scheme?.type === 'http' && scheme.scheme?.toLowerCase() === 'bearer')

const parameterProblems = (
  document: ContractDocument,
  parameters: NonNullable<OperationObject['parameters']>,
): readonly string[] =>
  parameters
    .map((given) => resolve<ParameterObject>(document, given))
    .flatMap(({ in: place, name, schema }) => [
      ...(place === 'path' || place === 'query' ? [] : [`has the ${place} parameter ${name}`]),
      ...(schema === undefined ? [`has the parameter ${name} without a schema`] : []),
    ])

/** One schema validates all media types of a body, so their schemas must be equal. */
const bodyProblems = (document: ContractDocument, { requestBody }: OperationObject): readonly string[] => {
  if (requestBody === undefined) return []
  const { content } = resolve<RequestBodyObject>(document, requestBody)
  const schemas = new Set(Object.values(content).map(({ schema }) => JSON.stringify(schema)))
  return [
    ...Object.keys(content)
      .filter((mediaType) => !readableMediaTypes.includes(mediaType))
      .map((mediaType) => `takes a body of ${mediaType}`),
    ...(schemas.size > 1 ? ['has different schemas for the media types of its body'] : []),
  ]
}
