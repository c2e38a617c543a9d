import { type ContractDocument, resolve } from '../../contract/document.ts'
import { type Operation, operationsOf } from '../../contract/operations.ts'

/** The operations that every run needs (docs/decisions/010). */
export interface Roles {
  readonly signUp: Operation
  readonly logIn: Operation
  /** An operation that only requires a valid token, and changes nothing; undefined if the contract has none. */
  readonly probe: Operation | undefined
}

/** Finds `signup`, the operation at the token URL of the password flow, and the first GET that requires only a token.
 * @throws Error if the contract has no sign-up or no log-in */
export const rolesOf = (document: ContractDocument): Roles => {
  const operations = operationsOf(document)
  const tokenUrls = Object.values(document.components.securitySchemes).flatMap(
    (scheme) => resolve(document, scheme).flows?.password?.tokenUrl ?? [],
  )
  const signUp = operationNamed(operations, 'signup')
  const logIn = operations.find(({ path, method }) => method === 'post' && tokenUrls.some((url) => url.endsWith(path)))
  if (!signUp || !logIn) throw new Error('The contract has no operation signup, or none at the token URL')
  return { signUp, logIn, probe: operations.find(isProbe) }
}

const isProbe = ({ method, isSecured, parameters }: Operation): boolean =>
  method === 'get' && isSecured && parameters.every(({ required }) => !required)

export const operationNamed = (operations: readonly Operation[], id: string): Operation | undefined =>
  operations.find((operation) => operation.id === id)
