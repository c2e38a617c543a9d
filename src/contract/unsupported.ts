import {
  type ContractDocument,
  methods,
  type OperationObject,
  type ParameterObject,
  resolve,
  type SecurityRequirement,
} from './document.ts'

/** Refuses a contract that declares something which requests are not checked for.
 * @throws Error that names each such declaration */
export const refuseUnsupported = (document: ContractDocument): void => {
  const problems = Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method]
      if (operation === undefined) return []
      const found = [
        ...securityProblems(document, operation),
        ...parameterProblems(document, [...(item.parameters ?? []), ...(operation.parameters ?? [])]),
      ]
      return found.map((problem) => `${method.toUpperCase()} ${path} ${problem}`)
    }),
  )
  if (problems.length > 0)
    throw new Error(`The contract declares what requests are not checked for: ${problems.join('; ')}`)
}

const securityProblems = (
  { components: { securitySchemes } }: ContractDocument,
  { security }: Pick<Partial<OperationObject>, 'security'>,
): readonly string[] => {
  if (security === undefined) return ['has no security: write `security: []` when it needs no token']
  return security.flatMap((requirement) => requirementProblems(securitySchemes, requirement))
}

const requirementProblems = (
  schemes: ContractDocument['components']['securitySchemes'],
  requirement: SecurityRequirement,
): readonly string[] => {
  const names = Object.keys(requirement)
  if (names.length === 0) return ['makes its token optional']
  if (names.length > 1) return [`combines the security schemes ${names.join(' and ')}`]
  return names.flatMap((name) =>
    isBearer(schemes[name]) ? [] : [`has the security scheme ${name}, which is not for bearer tokens`],
  )
}

const isBearer = (scheme: ContractDocument['components']['securitySchemes'][string] | undefined): boolean =>
  scheme?.type === 'oauth2' || (scheme?.type === 'http' && scheme.scheme?.toLowerCase() === 'bearer')

const parameterProblems = (
  document: ContractDocument,
  parameters: NonNullable<OperationObject['parameters']>,
): readonly string[] =>
  parameters
    .map((given) => resolve<ParameterObject>(document, given))
    .filter((parameter) => parameter.in !== 'path' && parameter.in !== 'query')
    .map((parameter) => `has the ${parameter.in} parameter ${parameter.name}`)
