import { type ContractDocument, type Located, methods, operationsOf } from '../contract/document.ts'
import { type Check, headersFor, type Material } from './checks.ts'
import type { Headers } from './exchange.ts'
import { requestOf } from './requests.ts'

const origin = 'http://localhost:3000'

/** Methods and paths: what each path allows, and what is not there. */
export const pathChecks = (material: Material): readonly Check[] => {
  const { document, session, host } = material
  const checks = pathsOf(document).flatMap(([path, located]): readonly Check[] => {
    const declared = located.map(({ method }) => method.toUpperCase())
    const allowed = declared.includes('GET') ? [...declared, 'HEAD'] : declared
    const refused = [...methods.map((method) => method.toUpperCase()), 'HEAD', 'TRACE'].filter(
      (method) => !allowed.includes(method),
    )
    const at =
      (method: string, headers: Headers = []): Check['request'] =>
      () =>
        requestOf(host, method, path, { headers })
    const reader = located.find(({ method }) => method === 'get')
    return [
      ...refused.map((method) => ({
        operationId: undefined,
        title: `${method} ${path}`,
        expected: 405,
        also: allows(declared),
        request: at(method),
      })),
      {
        operationId: undefined,
        title: `OPTIONS ${path}`,
        expected: 204,
        also: allows(declared),
        request: at('OPTIONS'),
      },
      ...located.map(({ method }) => ({
        operationId: undefined,
        title: `OPTIONS ${path}, a preflight of ${method.toUpperCase()}`,
        expected: 204,
        request: at('OPTIONS', [
          ['Origin', origin],
          ['Access-Control-Request-Method', method.toUpperCase()],
          ['Access-Control-Request-Headers', 'authorization,content-type'],
        ]),
      })),
      ...(reader === undefined
        ? []
        : [
            {
              operationId: reader.operation.operationId,
              title: `HEAD ${path}`,
              expected: 'success' as const,
              request: async () => requestOf(host, 'HEAD', path, { headers: await headersFor(reader, session) }),
            },
            {
              operationId: reader.operation.operationId,
              title: `GET ${path} with a query that is not declared`,
              expected: 'success' as const,
              request: async () =>
                requestOf(host, 'GET', `${path}?more=1&more=2`, { headers: await headersFor(reader, session) }),
            },
            {
              operationId: reader.operation.operationId,
              title: `GET ${path}/, with a slash more`,
              expected: 'success' as const,
              request: async () => requestOf(host, 'GET', `${path}/`, { headers: await headersFor(reader, session) }),
            },
            {
              operationId: reader.operation.operationId,
              title: `GET ${path} by a page`,
              expected: 'success' as const,
              request: async () =>
                requestOf(host, 'GET', path, { headers: [['Origin', origin], ...(await headersFor(reader, session))] }),
            },
          ]),
    ]
  })
  const unknown = ['/verify-there-is-nothing-here', ...pathsOf(document).map(([path]) => `${path}/nothing-here`)]
  return [
    ...checks,
    ...unknown.map((path) => ({
      operationId: undefined,
      title: `GET ${path}`,
      expected: 404,
      request: () => requestOf(host, 'GET', path),
    })),
  ]
}

/** What is no good HTTP; a proxy in front would answer it by itself. */
export const transportChecks = ({ document, host }: Material): readonly Check[] => {
  const unmatched = (title: string, expected: number, headers: Headers): Check => ({
    operationId: undefined,
    title,
    expected,
    request: () => requestOf(host, 'GET', '/', { headers }),
  })
  return [
    ...operationsOf(document).map(({ operation, method, path }) => ({
      operationId: operation.operationId,
      title: 'two Host headers',
      expected: 400,
      request: () => requestOf(host, method, path, { headers: [['Host', 'b.example']] }),
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

const pathsOf = (document: ContractDocument): readonly (readonly [string, readonly Located[]])[] =>
  Object.keys(document.paths).map((path) => [path, operationsOf(document).filter((located) => located.path === path)])

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
