import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { mock, type RunningMock } from '../../src/commands/mock.ts'
import { readContract } from '../../src/contract/document.ts'
import { send } from '../support/contract-client.ts'
import { type RunningService, startService } from '../support/service.ts'

const seed = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31)
console.info(`fast-check seed: ${seed} (FC_SEED repeats it)`)

const contract: any = readContract()

const running = new Set<RunningMock>()
afterEach(async () => {
  for (const { stop } of running) await stop()
  running.clear()
})

const startMock = async (document: any): Promise<string> => {
  const started = await mock({
    environment: { PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'silent' },
    readDocument: () => document,
    stdout: { fd: 1, isTTY: false },
    print: () => undefined,
  })
  running.add(started)
  return `http://127.0.0.1:${started.port}`
}

/** What the document says, without the model that the service makes of it. */
const declaredIn = (document: any) =>
  Object.entries<any>(document.paths).flatMap(([path, item]) =>
    Object.entries<any>(item).map(([method, { operationId, security, requestBody }]) => ({
      id: operationId as string,
      path: path.replace(/\{\w+\}/g, '7'),
      method: method.toUpperCase(),
      isSecured: security.length > 0,
      // A token of the mock has every scope that is declared.
      isGranted:
        !security.length || security.some((one: object) => !Object.values(one).flat().includes('nobody-has-this')),
      hasBody: requestBody !== undefined,
    })),
  )

const secured = declaredIn(contract).filter(({ isSecured }) => isSecured)

describe('an operation whose security asks for a token', () => {
  let service: RunningService
  beforeAll(async () => {
    service = await startService()
  })
  afterAll(() => service.stop())

  test.each(secured.map(({ id, method, path }) => [id, method, path]))(
    'refuses a request without one: %s',
    async (_id, method, path) => {
      for (const authorization of [undefined, 'Basic bGljYXQ6MTIzNA==', 'Bearer', 'Bearer x.y.z']) {
        const headers = authorization === undefined ? {} : { authorization }
        expect((await send(service.url, { method, path, headers })).status).toBe(401)
      }
    },
  )

  // Each alternative names one scheme, with or without scopes.
  const requirement = fc.oneof(
    fc.constant({ bearer: [] }),
    fc.subarray(['account:read', 'sessions:read', 'nobody-has-this']).map((oauth2) => ({ oauth2 })),
  )
  const operation = fc.record({
    method: fc.constantFrom('get', 'put', 'post', 'delete', 'patch'),
    path: fc.constantFrom('/a', '/a/{id}', '/a/{id}/b', '/b', '/b/c', '/b/{id}'),
    security: fc.array(requirement, { maxLength: 3 }),
    hasBody: fc.boolean(),
  })

  test('requires it, and its scopes, exactly where the contract does, for any contract', () =>
    fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 8 }), async (operations) => {
        const document = contractOf(operations)
        const url = await startMock(document)
        for (const { isSecured, isGranted, hasBody, ...sent } of declaredIn(document)) {
          const without = await send(url, sent)
          if (isSecured) expect([without.status, without.json.code]).toEqual([401, 'not-authenticated'])
          else expect(without.status).toBe(hasBody ? 400 : 200)
          const body = hasBody ? '{}' : ''
          const headers = { authorization: 'Bearer anything', 'content-type': 'application/json' }
          const withToken = await send(url, {
            ...sent,
            headers: { ...headers, 'content-length': String(body.length) },
            body,
          })
          expect(withToken.status).toBe(!isGranted ? 403 : hasBody ? 422 : 200)
        }
      }),
      { seed, numRuns: 20 },
    ))
})

interface Draft {
  readonly method: string
  readonly path: string
  readonly security: readonly object[]
  readonly hasBody: boolean
}

/** A contract of these operations alone, with the responses of the real one. */
const contractOf = (operations: readonly Draft[]) => {
  const { post: signup } = contract.paths['/signup']
  const { get: protectedOperation } = contract.paths['/protected']
  const paths: any = {}
  for (const [i, { method, path, security, hasBody }] of operations.entries()) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    paths[path] = {
      ...paths[path],
      [method]: {
        operationId: `operation${i}`,
        security,
        parameters: names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
        ...(hasBody && method !== 'get' ? { requestBody: signup.requestBody } : {}),
        responses: {
          ...signup.responses,
          ...protectedOperation.responses,
          400: signup.responses['400'],
          403: contract.paths['/account'].get.responses['403'],
        },
      },
    }
  }
  return { ...contract, paths }
}

describe('a contract that the service cannot enforce does not start:', () => {
  const header = { name: 'X-Tenant', in: 'header', schema: { type: 'string' } }
  const edits: [what: string, edit: (draft: any) => void, problem: string][] = [
    [
      'a header parameter',
      ({ paths }) => (paths['/account'].get.parameters = [header]),
      'GET /account has the header parameter X-Tenant',
    ],
    [
      'a cookie parameter of a path, by reference',
      (draft) => {
        draft.components.parameters.Cookie = { ...header, name: 'theme', in: 'cookie' }
        draft.paths['/protected'].parameters = [{ $ref: '#/components/parameters/Cookie' }]
      },
      'GET /protected has the cookie parameter theme',
    ],
    [
      'an operation without security',
      ({ paths }) => delete paths['/protected'].get.security,
      'GET /protected has no security: write `security: []` when it needs no token',
    ],
    [
      'a token that is optional',
      ({ paths }) => (paths['/protected'].get.security = [{ bearer: [] }, {}]),
      'GET /protected makes its token optional',
    ],
    [
      'schemes that are combined',
      ({ paths }) => (paths['/protected'].get.security = [{ oauth2: [], bearer: [] }]),
      'GET /protected combines the security schemes oauth2 and bearer',
    ],
    [
      'another scheme than that of the bearer token',
      (draft) => {
        draft.components.securitySchemes.key = { type: 'apiKey', in: 'header', name: 'X-Key' }
        draft.paths['/protected'].get.security = [{ key: [] }]
      },
      'GET /protected has the security scheme key, which is not for bearer tokens',
    ],
    [
      'HTTP Basic',
      (draft) => {
        draft.components.securitySchemes.basic = { type: 'http', scheme: 'basic' }
        draft.paths['/protected'].get.security = [{ basic: [] }]
      },
      'GET /protected has the security scheme basic, which is not for bearer tokens',
    ],
    [
      'a parameter without a schema',
      ({ paths }) => (paths['/protected'].get.parameters = [{ name: 'filter', in: 'query', content: {} }]),
      'GET /protected has the parameter filter without a schema',
    ],
    [
      'an operation for HEAD',
      ({ paths }) => (paths['/protected'].head = paths['/protected'].get),
      '/protected has an operation for HEAD',
    ],
    [
      'a reference to another path item',
      ({ paths }) => (paths['/other'] = { $ref: '#/paths/~1protected' }),
      '/other refers to another path item',
    ],
    [
      'an operationId twice',
      ({ paths }) => (paths['/other'] = { get: paths['/protected'].get }),
      'GET /other repeats the operationId readProtected',
    ],
    [
      'a body of another media type',
      ({ paths }) => (paths['/signup'].post.requestBody.content = { 'text/plain': { schema: { type: 'string' } } }),
      'POST /signup takes a body of text/plain',
    ],
    [
      'a body with a schema for each media type',
      ({ paths }) => (paths['/token'].post.requestBody.content['multipart/form-data'] = { schema: { type: 'object' } }),
      'POST /token has different schemas for the media types of its body',
    ],
    [
      'a scheme that is not declared',
      ({ paths }) => (paths['/protected'].get.security = [{ nowhere: [] }]),
      'GET /protected has the security scheme nowhere, which is not for bearer tokens',
    ],
  ]

  test.each(edits)('%s', async (_what, edit, problem) => {
    const document = structuredClone(contract)
    edit(document)
    const message = `The service cannot enforce parts of the contract: ${problem}`
    await expect(startService({ document })).rejects.toThrow(new Error(message))
    await expect(startMock(document)).rejects.toThrow(`The contract cannot be served: ${message}`)
  })

  test('and every problem is named at once', async () => {
    const document = structuredClone(contract)
    for (const [, edit] of edits.slice(0, 3)) edit(document)
    await expect(startService({ document })).rejects.toThrow(/no security.*; .*theme; .*X-Tenant/)
  })
})
