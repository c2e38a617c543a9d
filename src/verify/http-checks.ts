import { methods } from '../contract/document.ts'
import type { Operation } from '../contract/operations.ts'
import { createRoutes, type Route } from '../contract/routes.ts'
import type { Check, Material } from './checks.ts'
import type { Headers, Outgoing } from './exchange.ts'
import { examplePath } from './parameters.ts'
import { requestOf } from './requests.ts'
import { outgoingOf } from './right-requests.ts'

const origin = 'http://localhost:3000'

/** Methods and paths: what each path allows, and what is not there. */
export const pathChecks = (material: Material): readonly Check[] => {
  const { operations, host } = material
  const routes = createRoutes(operations)
  const unknown = ['', ...routes.all.map(examplePathOf)]
    .map((path) => `${path}/verify-there-is-nothing-here`)
    .filter((path) => routes.find(path) === undefined)
  return [
    ...routes.all.flatMap((route) => {
      const reader = route.operations.get('get')
      return [...methodChecks(route, material), ...(reader ? readerChecks(reader, material) : [])]
    }),
    ...unknown.map((path) => ({
      operationId: undefined,
      title: `GET ${path}`,
      expected: 404,
      request: () => requestOf(host, 'GET', path),
    })),
  ]
}

const examplePathOf = ({ path, operations }: Route): string => {
  const [first] = operations.values()
  return first ? examplePath(first) : path
}

const methodChecks = (route: Route, { host }: Material): readonly Check[] => {
  const { path, operations } = route
  const declared = [...operations.keys()].map((method) => method.toUpperCase())
  const allowed = declared.includes('GET') ? [...declared, 'HEAD'] : declared
  const refused = [...methods.map((method) => method.toUpperCase()), 'HEAD', 'TRACE'].filter(
    (method) => !allowed.includes(method),
  )
  const check = (
    method: string,
    expected: number,
    { what = '', headers = [] as Headers, also = undefined as Check['also'] },
  ): Check => ({
    operationId: undefined,
    title: `${method} ${path}${what}`,
    expected,
    ...(also ? { also } : {}),
    request: () => requestOf(host, method, examplePathOf(route), { headers }),
  })
  return [
    ...refused.map((method) => check(method, 405, { also: allows(declared) })),
    check('OPTIONS', 204, { also: allows(declared) }),
    ...declared.map((method) =>
      check('OPTIONS', 204, {
        what: `, a preflight of ${method}`,
        headers: [
          ['Origin', origin],
          ['Access-Control-Request-Method', method],
          ['Access-Control-Request-Headers', 'authorization,content-type'],
        ],
      }),
    ),
  ]
}

/** Where GET works, HEAD does, and a page may read. */
const readerChecks = (operation: Operation, { host, makeRight }: Material): readonly Check[] => {
  const check = (title: string, change: Partial<Outgoing>, headers: Headers = []): Check => ({
    operationId: operation.id,
    title,
    expected: 'success',
    request: async () => {
      const outgoing = outgoingOf(host, await makeRight(operation))
      return { ...outgoing, ...change, headers: [...outgoing.headers, ...headers] }
    },
  })
  return [
    check(`HEAD ${operation.path}`, { method: 'HEAD' }),
    check(`GET ${operation.path} by a page`, {}, [['Origin', origin]]),
  ]
}

/** What is no good HTTP; a proxy in front would answer it by itself. */
export const transportChecks = ({ operations, host }: Material): readonly Check[] => {
  const unmatched = (title: string, expected: number, headers: Headers): Check => ({
    operationId: undefined,
    title,
    expected,
    request: () => requestOf(host, 'GET', '/', { headers }),
  })
  return [
    ...operations.map((operation) => ({
      operationId: operation.id,
      title: 'two Host headers',
      expected: 400,
      request: () => requestOf(host, operation.method, examplePath(operation), { headers: [['Host', 'b.example']] }),
    })),
    {
      operationId: undefined,
      title: 'bytes that are no HTTP',
      expected: 400,
      request: () => ({ ...requestOf(host, 'GET', '/'), bytes: 'GET / HTTP/1.1\r\nthis is no header\r\n\r\n' }),
    },
    unmatched('an expectation that cannot be met', 417, [['Expect', 'the-unexpected']]),
    unmatched('headers of 20 KiB', 431, [['X-Long', 'x'.repeat(20_480)]]),
  ]
}

/** `Allow` has every declared method and none that is not (RFC 9110, 10.2.1). */
const allows =
  (declared: readonly string[]): NonNullable<Check['also']> =>
  ({ headers }) => {
    if (typeof headers.allow !== 'string') return ['the header Allow is missing']
    const allowed = headers.allow.split(/\s*,\s*/)
    const free = ['HEAD', 'OPTIONS']
    return [
      ...declared.filter((method) => !allowed.includes(method)).map((method) => `the header Allow lacks ${method}`),
      ...allowed
        .filter((method) => !declared.includes(method) && !free.includes(method))
        .map((method) => `the header Allow has ${method}, which is not declared`),
    ]
  }
