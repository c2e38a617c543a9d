import { methods } from '../../contract/document.ts'
import type { Operation } from '../../contract/operations.ts'
import { createRoutes, type Route } from '../../contract/routes.ts'
import { type Check, type Demands, withHeaders } from '../check.ts'
import type { Context } from '../run/context.ts'
import { examplePath } from '../run/parameters.ts'

const origin = 'http://localhost:3000'

/** Checks of the methods that each path allows, and of paths that do not exist. */
export const pathChecks = (context: Context): readonly Check[] => {
  const routes = createRoutes(context.operations)
  const unknown = ['', ...routes.all.map(examplePathOf)]
    .map((path) => `${path}/verify-there-is-nothing-here`)
    .filter((path) => routes.find(path) === undefined)
  return [
    ...routes.all.flatMap((route) => {
      const reader = route.operations.get('get')
      return [...methodChecks(route, context), ...(reader ? readerChecks(reader, context) : [])]
    }),
    ...unknown.map((path) => context.checksOf(undefined)(`GET ${path}`, 404, () => ({ path }))),
  ]
}

const examplePathOf = ({ path, operations }: Route): string => {
  const [first] = operations.values()
  return first ? examplePath(first) : path
}

const methodChecks = (route: Route, { checksOf }: Context): readonly Check[] => {
  const check = checksOf(undefined)
  const path = examplePathOf(route)
  const declared = [...route.operations.keys()].map((method) => method.toUpperCase())
  const allowed = declared.includes('GET') ? [...declared, 'HEAD'] : declared
  const refused = [...methods.map((method) => method.toUpperCase()), 'HEAD', 'TRACE'].filter(
    (method) => !allowed.includes(method),
  )
  return [
    ...refused.map((method) => check(`${method} ${route.path}`, 405, () => ({ method, path }), allows(declared))),
    check(`OPTIONS ${route.path}`, 204, () => ({ method: 'OPTIONS', path }), allows(declared)),
    ...declared.map((method) =>
      check(`OPTIONS ${route.path}, a preflight of ${method}`, 204, () => ({
        method: 'OPTIONS',
        path,
        headers: [
          ['Origin', origin],
          ['Access-Control-Request-Method', method],
          ['Access-Control-Request-Headers', 'authorization,content-type'],
        ],
      })),
    ),
  ]
}

/** HEAD works wherever GET does, and a page of another origin may read the response. */
const readerChecks = (operation: Operation, { checksOf }: Context): readonly Check[] => {
  const check = checksOf(operation)
  return [
    check(`HEAD ${operation.path}`, 'success', () => ({ method: 'HEAD' })),
    check(`GET ${operation.path} from another origin`, 'success', ({ headers }) => ({
      headers: [...headers, ['Origin', origin]],
    })),
  ]
}

/** Checks with malformed HTTP. A proxy would respond to it itself. */
export const transportChecks = ({ operations, checksOf }: Context): readonly Check[] => {
  const check = checksOf(undefined)
  return [
    ...operations.map((operation) => ({
      ...check('two Host headers', 400, () => ({
        method: operation.method,
        path: examplePath(operation),
        headers: [['Host', 'b.example']],
      })),
      operationId: operation.id,
    })),
    check('bytes that are not HTTP', 400, () => ({ bytes: 'GET / HTTP/1.1\r\nthis is no header\r\n\r\n' })),
    check('an expectation that cannot be met', 417, withHeaders(['Expect', 'the-unexpected'])),
    check('headers of 20 KiB', 431, withHeaders(['X-Long', 'x'.repeat(20_480)])),
  ]
}

/** `Allow` has every declared method and no other (RFC 9110, 10.2.1). */
const allows = (declared: readonly string[]): Demands => ({
  also: ({ headers }) => {
    if (typeof headers.allow !== 'string') return ['the header Allow is missing']
    const allowed = headers.allow.split(/\s*,\s*/)
    const free = ['HEAD', 'OPTIONS']
    return [
      ...declared.filter((method) => !allowed.includes(method)).map((method) => `the header Allow lacks ${method}`),
      ...allowed
        .filter((method) => !declared.includes(method) && !free.includes(method))
        .map((method) => `the header Allow has ${method}, which is not declared`),
    ]
  },
})
