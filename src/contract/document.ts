import { readFileSync } from 'node:fs'
import yaml from 'js-yaml'

/** The parts of an OpenAPI 3.0.3 document that the service itself reads. */
export interface ContractDocument {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, PathItem>>
  readonly components: {
    readonly securitySchemes: Readonly<Record<string, SecuritySchemeObject>>
    readonly [kind: string]: unknown
  }
  readonly 'x-unmatched-responses': Responses
}

export const methods = ['get', 'put', 'post', 'delete', 'patch'] as const
export type Method = (typeof methods)[number]

type PathItem = Readonly<Partial<Record<Method, OperationObject>>> & { readonly parameters?: readonly unknown[] }

export interface OperationObject {
  readonly operationId: string
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters?: readonly unknown[]
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> }
  readonly responses: Responses
  /** The largest body that the operation takes, in bytes. */
  readonly 'x-body-limit'?: number
  /** How long ago the log-in of the token may be, in seconds. */
  readonly 'x-max-authentication-age'?: number
}

type Responses = Readonly<Record<string, Reference | ResponseObject>>

interface Reference {
  readonly $ref: string
}

export interface ResponseObject {
  readonly description: string
  readonly headers?: Readonly<Record<string, Reference | HeaderObject>>
  readonly content?: Readonly<Record<string, unknown>>
}

export interface HeaderObject {
  readonly required?: boolean
  readonly schema: { readonly type: string }
}

interface SecuritySchemeObject {
  readonly type: string
  readonly flows?: { readonly password?: PasswordFlow }
}

interface PasswordFlow {
  readonly tokenUrl: string
  readonly refreshUrl: string
  readonly scopes: Readonly<Record<string, string>>
}

/** Reads the contract from the file at the project's root. */
export const readContract = (): ContractDocument =>
  yaml.load(readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8')) as ContractDocument

export interface Located {
  readonly path: string
  readonly method: Method
  readonly operation: OperationObject
}

/** Every operation of the contract, with where it stands. */
export const operationsOf = (document: ContractDocument): readonly Located[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => (item[method] ? [{ path, method, operation: item[method] }] : [])),
  )

/** The scopes that the contract declares, sorted as there. */
export const declaredScopes = (document: ContractDocument): readonly string[] =>
  Object.values(document.components.securitySchemes).flatMap((scheme) =>
    Object.keys(scheme.flows?.password?.scopes ?? {}),
  )

/** Follows a local reference (`#/components/...`) to what it names. */
export const resolve = <T extends object>(document: ContractDocument, object: Reference | T): T => {
  if (!('$ref' in object)) return object
  const path = object.$ref
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  const found = path.reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document)
  if (found === undefined) throw new Error(`The contract has no ${object.$ref}`)
  return found as T
}
