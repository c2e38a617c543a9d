import { type ContractDocument, resolve } from '../contract/document.ts'
import { type Operation, operationsOf } from '../contract/operations.ts'
import { wholeSchema } from '../contract/schema.ts'

/** The operations that every run needs (docs/decisions/010). */
export interface Roles {
  readonly signUp: Operation
  readonly logIn: Operation
}

/** `signup`, and the operation at the token URL of the password flow.
 * @throws Error when the contract lacks one of them */
export const rolesOf = (document: ContractDocument): Roles => {
  const tokenUrls = Object.values(document.components.securitySchemes).flatMap(
    (scheme) => resolve(document, scheme).flows?.password?.tokenUrl ?? [],
  )
  const signUp = operationNamed(document, 'signup')
  const logIn = operationsOf(document).find(
    ({ path, method }) => method === 'post' && tokenUrls.some((url) => url.endsWith(path)),
  )
  if (!signUp || !logIn) throw new Error('The contract has no operation signup, or none at the token URL')
  return { signUp, logIn }
}

export const operationNamed = (document: ContractDocument, id: string): Operation | undefined =>
  operationsOf(document).find((operation) => operation.id === id)

/** An operation that says whether a token is valid, and does nothing else. */
export const probeOf = (document: ContractDocument): Operation | undefined =>
  operationsOf(document).find(
    ({ method, isSecured, parameters }) =>
      method === 'get' && isSecured && parameters.every(({ required }) => !required),
  )

/** The lengths of the longest name and password that sign-up takes, in characters. */
export const longestCredentials = (
  document: ContractDocument,
  { body }: Operation,
): { readonly name: number; readonly password: number } => {
  const { properties = {} } = body?.schema ?? {}
  const length = (name: string): number => wholeSchema(document, properties[name] ?? {}).maxLength ?? 64
  return { name: length('username'), password: length('password') }
}
