import { type ContractDocument, type Located, operationsOf, resolve } from '../contract/document.ts'
import { json } from './requests.ts'
import { parametersOf } from './parameters.ts'
import { type Schema, wholeSchema } from './values.ts'

/** The operations that every run needs (docs/decisions/010). */
export interface Roles {
  readonly signUp: Located
  readonly logIn: Located
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

export const operationNamed = (document: ContractDocument, id: string): Located | undefined =>
  operationsOf(document).find(({ operation }) => operation.operationId === id)

/** An operation that says whether a token is valid, and does nothing else. */
export const probeOf = (document: ContractDocument): Located | undefined =>
  operationsOf(document).find(
    (located) =>
      located.method === 'get' &&
      isSecured(located) &&
      parametersOf(document, located).every(({ required }) => !required),
  )

export const isSecured = ({ operation }: Located): boolean => operation.security.length > 0

/** The scopes that an operation asks for, as alternatives; none where one of these is empty. */
export const scopesOf = ({ operation }: Located): readonly (readonly string[])[] => {
  const alternatives = operation.security.map((requirement) => Object.values(requirement).flat())
  return alternatives.some((scopes) => scopes.length === 0) ? [] : alternatives
}

/** The lengths of the longest name and password that sign-up takes, in characters. */
export const longestCredentials = (
  document: ContractDocument,
  { operation }: Located,
): { readonly name: number; readonly password: number } => {
  const media = operation.requestBody?.content[json] as { readonly schema: Schema } | undefined
  const properties = wholeSchema(document, media?.schema ?? {}).properties ?? {}
  const length = (name: string): number => wholeSchema(document, properties[name] ?? {}).maxLength ?? 64
  return { name: length('username'), password: length('password') }
}
