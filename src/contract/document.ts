import { readFileSync } from 'node:fs'
import { append, get, type Json } from '@hyperjump/json-pointer'
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

type PathItem = Readonly<Partial<Record<Method, OperationObject>>> & {
  readonly parameters?: readonly (ParameterObject | Reference)[]
}

export interface OperationObject {
  readonly operationId: string
  readonly security: readonly SecurityRequirement[]
  readonly parameters?: readonly (ParameterObject | Reference)[]
  readonly requestBody?: RequestBodyObject | Reference
  readonly responses: Responses
  /** The largest body that the operation accepts, in bytes. */
  readonly 'x-body-limit'?: number
  /** The maximum time since the user logged in, in seconds. */
  readonly 'x-max-authentication-age'?: number
}

/** The scopes that each scheme must grant, by the scheme's name. */
export type SecurityRequirement = Readonly<Record<string, readonly string[]>>

export interface ParameterObject {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema?: object
  readonly example?: unknown
}

export interface RequestBodyObject {
  readonly content: Readonly<Record<string, MediaTypeObject>>
}

export type Responses = Readonly<Record<string, Reference | ResponseObject>>

export interface Reference {
  readonly $ref: string
}

export interface ResponseObject {
  readonly description: string
  readonly headers?: Readonly<Record<string, Reference | HeaderObject>>
  readonly content?: Readonly<Record<string, MediaTypeObject>>
  readonly links?: Readonly<Record<string, Reference | LinkObject>>
}

export interface MediaTypeObject {
  readonly schema?: object
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
}

export interface HeaderObject {
  readonly required?: boolean
  readonly schema: { readonly type: string }
}

export interface LinkObject {
  readonly operationId?: string
  readonly parameters?: Readonly<Record<string, unknown>>
}

interface SecuritySchemeObject {
  readonly type: string
  /** The scheme of the Authorization header, when the type is `http`. */
  readonly scheme?: string
  readonly flows?: { readonly password?: PasswordFlow }
}

interface PasswordFlow {
  readonly tokenUrl: string
  readonly refreshUrl: string
  readonly scopes: Readonly<Record<string, string>>
}

/** Reads openapi.yaml at the project's root. */
export const readContract = (): ContractDocument =>
  yaml.load(readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8')) as ContractDocument

/** The scopes that the contract declares, in its order. */
export const declaredScopes = (document: ContractDocument): readonly string[] =>
  Object.values(document.components.securitySchemes).flatMap((scheme) =>
    Object.keys(scheme.flows?.password?.scopes ?? {}),
  )

/** Follows a local reference (`#/components/...`) to the object that it names.
 * @throws Error when the document has no such object */
export const resolve = <T extends object>(document: ContractDocument, object: Reference | T): T => {
  if (!('$ref' in object)) return object
  const found = valueAt(document, decodeURIComponent(object.$ref.slice(1)))
  if (found === undefined) throw new Error(`The contract has no ${object.$ref}`)
  return found as T
}

/** The value at a JSON Pointer (RFC 6901); undefined when there is none. */
export const valueAt = (value: unknown, pointer: string): unknown => {
  try {
    return get(pointer, value as Json)
  } catch {
    return undefined
  }
}

/** Extends a local reference by more keys (RFC 6901, 6).
 * @param parent `#` for the document itself */
export const referenceBelow = (parent: string, ...keys: readonly string[]): string =>
  `${parent}${keys.map((key) => `/${encodeURIComponent(append(key, '').slice(1))}`).join('')}`
