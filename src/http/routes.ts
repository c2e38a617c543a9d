import {
  type ContractDocument,
  type Located,
  type Method,
  operationsOf,
  resolve,
  type ResponseObject,
} from '../contract/document.ts'
import { createBodyReader, type ReadBody } from './body.ts'
import { type Demands, demandsOf } from './demands.ts'
import type { ErrorForm } from './problems.ts'

/** An operation of the contract, with what a request to it needs worked out once. */
export interface ContractOperation {
  readonly id: string
  /** In lower case, as openapi-backend wants it. */
  readonly method: Method
  /** As in the contract, templates and all. */
  readonly path: string
  readonly isSecured: boolean
  /** What the token has to show beyond being valid; undefined where that is nothing. */
  readonly demands: Demands | undefined
  readonly hasParameters: boolean
  readonly queryNames: readonly string[]
  /** Undefined where the operation takes no body. */
  readonly readBody: ReadBody | undefined
  readonly errorForm: ErrorForm
  /** The media type of the body by status; undefined where there is none. */
  readonly mediaTypes: ReadonlyMap<number, string | undefined>
}

/** A path of the contract. */
export interface Route {
  /** As in the contract, templates and all. */
  readonly path: string
  readonly operations: ReadonlyMap<Method, ContractOperation>
  /** For the Allow header. */
  readonly allow: string
}

/** Finds the route of a request's path. A slash at the end makes no difference, but where a parameter would follow it. */
export type FindRoute = (path: string) => Route | undefined

const defaultBodyLimitBytes = 16_384

/** The routes of a contract: fixed paths by a look-up, templated ones (`/sessions/{id}`) by pattern, of two that
 * match the one with the longer fixed part. */
export const createRoutes = (document: ContractDocument): FindRoute => {
  const fixed = new Map<string, Route>()
  const templated: { readonly pattern: RegExp; readonly weight: number; readonly route: Route }[] = []
  const all = operationsOf(document).map((located) => operationOf(document, located))
  for (const path of Object.keys(document.paths)) {
    const route = routeOf(
      path,
      all.filter((operation) => operation.path === path),
    )
    if (path.includes('{'))
      templated.push({ pattern: patternOf(path), weight: path.replace(/\{[^}]*\}/g, '').length, route })
    else fixed.set(path, route)
  }
  templated.sort((a, b) => b.weight - a.weight)
  const parents = new Set(Object.keys(document.paths).map((path) => path.slice(0, Math.max(0, path.indexOf('/{')))))
  return (path) => {
    const plain = withoutSlashAtEnd(path)
    // DELETE /sessions/ is more likely the end of one session, by an empty id, than of all others.
    if (plain !== path && parents.has(plain)) return undefined
    return fixed.get(plain) ?? templated.find(({ pattern }) => pattern.test(plain))?.route
  }
}

const withoutSlashAtEnd = (path: string): string => {
  let end = path.length
  while (end > 1 && path[end - 1] === '/') end -= 1
  return path.slice(0, end)
}

const patternOf = (path: string): RegExp => {
  const fixedParts = path.split(/\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${fixedParts.join('[^/]+')}$`)
}

const routeOf = (path: string, operations: readonly ContractOperation[]): Route => {
  const names = operations.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]))
  return {
    path,
    operations: new Map(operations.map((operation) => [operation.method, operation])),
    allow: [...names, 'OPTIONS'].join(', '),
  }
}

const operationOf = (document: ContractDocument, { path, method, operation }: Located): ContractOperation => {
  const mediaTypes = new Map<number, string | undefined>()
  for (const [status, response] of Object.entries(operation.responses)) {
    const [mediaType] = Object.keys(resolve<ResponseObject>(document, response).content ?? {})
    mediaTypes.set(Number(status), mediaType)
  }
  const parameters = [...(document.paths[path]?.parameters ?? []), ...(operation.parameters ?? [])].map((parameter) =>
    resolve<Parameter>(document, parameter as Parameter),
  )
  const bodyTypes = Object.keys(operation.requestBody?.content ?? {})
  const limitBytes = operation['x-body-limit'] ?? defaultBodyLimitBytes
  return {
    id: operation.operationId,
    method,
    path,
    isSecured: operation.security.length > 0,
    demands: demandsOf(operation),
    hasParameters: parameters.length > 0,
    queryNames: parameters.filter((parameter) => parameter.in === 'query').map((parameter) => parameter.name),
    readBody: bodyTypes.length > 0 ? createBodyReader(bodyTypes, limitBytes) : undefined,
    errorForm: mediaTypes.get(500) === 'application/json' ? 'oauth' : 'problem',
    mediaTypes,
  }
}

/** A Parameter Object of OpenAPI. */
interface Parameter {
  readonly in: string
  readonly name: string
}
