import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readContract } from '../../src/contract/document.ts'
import { operationsOf } from '../../src/contract/operations.ts'
import { type Client, contractClient, expectDeclared, logIn, send, signUp } from '../support/contract-client.ts'
import { sendRaw } from '../support/raw.ts'
import { type RunningService, startService } from '../support/service.ts'

let service: RunningService
let client: Client
let authorization: string
beforeAll(async () => {
  service = await startService()
  client = contractClient(service.url)
  await signUp(client, 'licat', '1234')
  authorization = `Bearer ${(await logIn(client, 'licat', '1234')).json.access_token}`
})
afterAll(() => service.stop())

const operations = operationsOf(readContract()).map(({ path, method }) => [method.toUpperCase(), path] as const)

describe('each operation', () => {
  test.each(operations)('%s %s refuses two Host headers, and none', async (method, path) => {
    expect((await client({ method, path, headers: { host: ['a', 'b'] } })).status).toBe(400)
    const none = await sendRaw(service.port, `${method} ${path} HTTP/1.1\r\nConnection: close\r\n\r\n`)
    expect([none.status, none.json.detail]).toEqual([400, 'The request must have exactly one Host header'])
  })

  test.each(operations)('%s %s refuses two Authorization headers', async (method, path) => {
    const { status } = await client({ method, path, headers: { authorization: [authorization, authorization] } })
    // Where OAuth clients name themselves, that is a wrong request; elsewhere no good token.
    expect(status).toBe(path === '/token' || path === '/revoke' ? 400 : 401)
  })

  test.each(operations)('%s %s answers another method with 405 and Allow', async (method, path) => {
    const received = await client({ method: 'PATCH', path })
    expect(received.status).toBe(405)
    const allowed = operations.filter(([, other]) => other === path).map(([name]) => name)
    expect(allowed).toContain(method)
    const withHead = allowed.flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : [name]))
    expect(received.headers.allow).toBe([...withHead, 'OPTIONS'].join(', '))
    expect(received.json.detail).toBe('Method Not Allowed')
  })

  test.each(operations)('%s %s answers OPTIONS with its methods', async (_method, path) => {
    const received = await client({ method: 'OPTIONS', path })
    expect(received.status).toBe(204)
    expect(received.headers.allow).toContain('OPTIONS')
  })
})

test('HTTP/1.0 needs no Host header', async () => {
  expect((await sendRaw(service.port, 'GET /health/live HTTP/1.0\r\n\r\n')).status).toBe(200)
})

describe('a path', () => {
  test.each(['/protected/', '/protected//', '/protected?x=1', '/protected/?x=%ff'])(
    '%s is /protected',
    async (path) => {
      expect((await client({ path, headers: { authorization } })).status).toBe(200)
    },
  )

  test.each([
    '/nope',
    '/Protected',
    '//protected',
    '/protected/x',
    '/%',
    '/protected%2f',
    '/../protected',
    '/docs/../package.json',
    '/docs/package.json',
  ])('%s is not there', async (path) => {
    const received = await client({ path, headers: { authorization } })
    expect([400, 404]).toContain(received.status)
  })

  test.each(['GET', 'DELETE'])('that lacks the parameter at its end is not the path above it: %s', async (method) => {
    for (const path of ['/sessions/', '/sessions//', '/sessions/?x=1']) {
      expect((await client({ method, path, headers: { authorization } })).status).toBe(404)
    }
    expect((await client({ method: 'OPTIONS', path: '/sessions' })).status).toBe(204)
  })

  test('in absolute form is taken for what it is', async () => {
    const received = await send(service.url, { path: 'http://localhost/protected', headers: { authorization } })
    expect(received.status).toBe(200)
  })

  test.each(['http://[', 'http://'])('that is no URL is a malformed request: %s', async (path) => {
    const received = await send(service.url, { path })
    expect(received.status).toBe(400)
    expectDeclared(undefined, received)
  })

  test('of 16 000 slashes is answered at once', async () => {
    const begin = process.cpuUsage()
    const received = await client({ path: `/${'/'.repeat(16_000)}x` })
    expect(received.status).toBe(404)
    expect(process.cpuUsage(begin).user).toBeLessThan(500_000)
  })
})

test('HEAD answers like GET, without the body', async () => {
  const get = await client({ path: '/protected', headers: { authorization } })
  const head = await client({ method: 'HEAD', path: '/protected', headers: { authorization } })
  expect(head.status).toBe(200)
  expect(head.text).toBe('')
  for (const name of ['content-type', 'content-length']) expect(head.headers[name]).toBe(get.headers[name])
  expect((await client({ method: 'HEAD', path: '/protected' })).status).toBe(401)
})

describe('a contract with more operations', () => {
  const contract = readContract()
  const message = {
    200: contract.paths['/health/live']?.get?.responses['200'] ?? { description: '' },
    400: { $ref: '#/components/responses/MalformedRequest' },
    401: { $ref: '#/components/responses/AmbiguousAuthorization' },
    422: { $ref: '#/components/responses/InvalidBody' },
    500: { $ref: '#/components/responses/InternalError' },
  }
  const word = { name: 'word', in: 'path', required: true, schema: { type: 'string', maxLength: 5 } }
  const times = { name: 'times', in: 'query', schema: { type: 'integer' } }
  const pause = { name: 'pause', in: 'query', schema: { type: 'string', maxLength: 3 } }
  const document = {
    ...contract,
    paths: {
      ...contract.paths,
      // Reuses the id of an operation that has a handler; that one's path is left out.
      '/health/live': {},
      '/echo/{word}': {
        // The operation overrides the first one, and the second one is its own besides.
        parameters: [{ ...word, schema: { type: 'string', maxLength: 1 } }, pause],
        get: { operationId: 'readLiveness', security: [], parameters: [word, times], responses: message },
      },
      '/echo/fixed': {
        get: {
          operationId: 'readReadiness',
          security: [],
          responses: contract.paths['/health/ready']?.get?.responses ?? {},
        },
      },
      '/health/ready': {},
    },
  }
  let other: RunningService
  beforeAll(async () => {
    other = await startService({ document, config: { mode: 'production' } })
  })
  afterAll(() => other.stop())

  test('prefers a fixed path to a template', async () => {
    expect((await send(other.url, { path: '/echo/fixed' })).json).toEqual({ status: 'ready' })
    expect((await send(other.url, { path: '/echo/hello/' })).json).toEqual({ status: 'live' })
  })

  test('validates parameters, and ignores undeclared ones', async () => {
    expect((await send(other.url, { path: '/echo/hello?times=2&more=1' })).status).toBe(200)
    const refused = (detail: string) => ({ status: 400, code: 'invalid-parameter', detail })
    expect((await send(other.url, { path: '/echo/toolong' })).json).toMatchObject(
      refused('word must have at most 5 characters'),
    )
    expect((await send(other.url, { path: '/echo/hello?times=x' })).json).toMatchObject(
      refused('times must be an integer'),
    )
  })

  test('validates the parameters of the path, except those that the operation overrides', async () => {
    expect((await send(other.url, { path: '/echo/hello?pause=abc' })).status).toBe(200)
    expect((await send(other.url, { path: '/echo/hello?pause=abcd' })).json.detail).toBe(
      'pause must have at most 3 characters',
    )
  })

  test('answers another method on a template with 405', async () => {
    const received = await send(other.url, { method: 'POST', path: '/echo/hello' })
    expect(received.status).toBe(405)
    expect(received.headers.allow).toBe('GET, HEAD, OPTIONS')
  })
})

describe('pages', () => {
  test.each([
    ['/docs', 'text/html; charset=utf-8'],
    ['/docs/docs.js', 'text/javascript; charset=utf-8'],
    ['/docs/docs.css', 'text/css; charset=utf-8'],
    ['/docs/en.json', 'application/json; charset=utf-8'],
    ['/docs/ko.json', 'application/json; charset=utf-8'],
    ['/docs/swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
    ['/docs/swagger-ui.css', 'text/css; charset=utf-8'],
    ['/docs/favicon-32x32.png', 'image/png'],
    ['/openapi.yaml', 'application/yaml'],
    ['/openapi.json', 'application/json; charset=utf-8'],
  ])('%s is served as %s, with an ETag and 304', async (path, mediaType) => {
    const page = await send(service.url, { path })
    expect(page.status).toBe(200)
    expect(page.headers['content-type']).toBe(mediaType)
    expect(page.headers['content-security-policy']).not.toMatch(/https?:/)
    const etag = String(page.headers.etag)
    const again = await send(service.url, { path, headers: { 'if-none-match': etag } })
    expect([again.status, again.text, again.headers.etag]).toEqual([304, '', etag])
    expect((await send(service.url, { path, headers: { 'if-none-match': '"other"' } })).status).toBe(200)
    expect((await send(service.url, { method: 'HEAD', path })).text).toBe('')
  })

  test.each(['/DOCS', '/docs/', '/openapi.YAML/'])('are found at %s, too', async (path) => {
    expect((await send(service.url, { path })).status).toBe(200)
  })

  test('/ leads to the docs', async () => {
    const received = await send(service.url, { path: '/' })
    expect([received.status, received.headers.location]).toEqual([302, '/docs'])
  })

  test('DOCS_PAGE=off leaves the contract, and nothing at / and below /docs', async () => {
    const withoutDocs = await startService({ environment: { DOCS_PAGE: 'off' } })
    for (const path of ['/', '/docs', '/docs/', '/docs/docs.js', '/docs/ko.json', '/docs/swagger-ui-bundle.js']) {
      const received = await send(withoutDocs.url, { path })
      expectDeclared(undefined, received)
      expect([path, received.status]).toEqual([path, 404])
      expect((await send(withoutDocs.url, { method: 'POST', path })).status).toBe(404)
    }
    for (const path of ['/openapi.yaml', '/openapi.json']) {
      expect((await send(withoutDocs.url, { path })).status).toBe(200)
    }
    await withoutDocs.stop()
  })

  test('another method is answered with 405, OPTIONS with the methods', async () => {
    const posted = await send(service.url, { method: 'POST', path: '/openapi.yaml' })
    expectDeclared(undefined, posted)
    expect([posted.status, posted.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS'])
    const options = await send(service.url, { method: 'OPTIONS', path: '/openapi.yaml' })
    expectDeclared(undefined, options)
    expect([options.status, options.headers.allow]).toEqual([204, 'GET, HEAD, OPTIONS'])
  })
})
