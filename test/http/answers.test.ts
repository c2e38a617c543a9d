import { describe, expect, test } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import { readContract } from '../../src/contract/document.ts'
import { contractClient, logIn, readProtected, send, signUp } from '../support/contract-client.ts'
import { startService } from '../support/service.ts'
import { failingStores } from '../support/stores.ts'

describe('a crash inside a handler', () => {
  test('is a 500 with the request id and nothing else; the log has the rest', async () => {
    const service = await startService({ stores: failingStores() })
    for (const answer of [signUp, logIn]) {
      const received = await answer(contractClient(service.url), 'licat', '1234')
      const id = received.headers['x-request-id']
      expect(received.status).toBe(500)
      expect(received.text).not.toMatch(/disk|secret|Error:|at /)
      expect(service.lines.find((line) => line.id === id && line.msg === 'request failed')).toMatchObject({
        err: { message: 'disk on fire at /var/secret', stack: expect.stringContaining('at ') },
      })
    }
    await service.stop()
  })

  test('of the clock is no wrong token', async () => {
    let isBroken = false
    const nowSeconds = (): number => {
      if (isBroken) throw new Error('no time')
      return 1_800_000_000
    }
    const service = await startService({ clock: { ...systemClock, nowSeconds } })
    const client = contractClient(service.url)
    await signUp(client, 'licat', '1234')
    const { json } = await logIn(client, 'licat', '1234')
    isBroken = true
    const received = await readProtected(client, json.access_token)
    expect(received.json).toMatchObject({
      status: 500,
      code: 'internal-error',
      instance: `urn:uuid:${String(received.headers['x-request-id'])}`,
    })
    await service.stop()
  })
})

describe('an answer that the contract does not declare is a 500 in development, which the log explains', () => {
  const contract = readContract()
  const changed = (change: (operation: Record<string, any>) => void) => {
    const document = structuredClone(contract) as unknown as {
      paths: Record<string, Record<string, Record<string, any>>>
    }
    change(document.paths['/health/live']?.get ?? {})
    return document as unknown as typeof contract
  }
  const content = (operation: Record<string, any>) => operation.responses['200'].content

  test.each([
    ['a status', changed((operation) => delete operation.responses['200']), 'responds 200 with an undeclared body'],
    [
      'a header',
      changed((operation) => delete operation.responses['200'].headers.Vary),
      'the header vary is not declared',
    ],
    [
      'a header value',
      changed((operation) => (operation.responses['200'].headers.Vary = { schema: { type: 'string', enum: ['*'] } })),
      'the header Vary does not match its schema',
    ],
    [
      'a missing header',
      changed(
        (operation) => (operation.responses['200'].headers['X-More'] = { required: true, schema: { type: 'string' } }),
      ),
      'the header X-More is missing',
    ],
    [
      'a member',
      changed(
        (operation) =>
          (content(operation)['application/json'].schema = { type: 'object', additionalProperties: false }),
      ),
      'the body does not match its schema',
    ],
  ])('%s', async (_what, document, reason) => {
    const service = await startService({ document })
    const received = await send(service.url, { path: '/health/live' })
    expect(received.status).toBe(500)
    expect(JSON.stringify(service.lines)).toContain(reason)
    await service.stop()
  })
})

describe('the log', () => {
  test('has one line for each request: id, method, route, status, milliseconds, caller', async () => {
    const service = await startService()
    const client = contractClient(service.url)
    await signUp(client, 'licat', 'pass-canary')
    const { json } = await logIn(client, 'licat', 'pass-canary')
    const received = await readProtected(client, json.access_token)
    await client({ path: '/nope?pass-canary' })
    const lines = service.lines.filter(({ msg }) => msg === 'request')
    expect(lines).toHaveLength(4)
    expect(lines[2]).toMatchObject({
      id: received.headers['x-request-id'],
      method: 'GET',
      route: '/protected',
      status: 200,
      ms: expect.any(Number),
      caller: 'licat',
    })
    expect(lines[3]).not.toHaveProperty('route')
    for (const secret of ['pass-canary', json.access_token, 'Bearer']) expect(service.text()).not.toContain(secret)
    await service.stop()
  })
})

describe('pages of other origins', () => {
  const preflight = (origin: string) => ({
    method: 'OPTIONS',
    path: '/protected/',
    headers: {
      origin,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization,x-requested-with',
    },
  })

  test.each([
    ['development, a localhost origin', {}, 'http://localhost:3000', true],
    ['development, 127.0.0.1', {}, 'http://127.0.0.1:5500', true],
    ['development, ::1', {}, 'http://[::1]:5173', true],
    ['development, another origin', {}, 'https://example.com', false],
    ['development, a name that begins alike', {}, 'http://localhost.example.com', false],
    ['a list', { CORS_ORIGINS: 'https://a.example, https://b.example' }, 'https://b.example', true],
    ['a list without it', { CORS_ORIGINS: 'https://a.example' }, 'http://localhost:3000', false],
    [
      'a list in other letters, with the port said',
      { CORS_ORIGINS: 'https://A.example:443' },
      'https://a.example',
      true,
    ],
    ['any', { CORS_ORIGINS: '*' }, 'https://example.com', true],
    ['any, a page from a file', { CORS_ORIGINS: '*' }, 'null', true],
    ['production', { NODE_ENV: 'production', DATABASE_URL: 'memory:' }, 'http://localhost:3000', false],
  ])('%s', async (_name, environment, origin, isAllowed) => {
    const service = await startService({ environment: environment })
    const client = contractClient(service.url)
    const asked = await client(preflight(origin))
    expect(asked.status).toBe(204)
    const expected = 'CORS_ORIGINS' in environment && environment.CORS_ORIGINS === '*' ? '*' : origin
    expect(asked.headers['access-control-allow-origin']).toBe(isAllowed ? expected : undefined)
    const refused = await client({ path: '/protected', headers: { origin } })
    expect(refused.status).toBe(401)
    expect(refused.headers['access-control-allow-origin']).toBe(isAllowed ? expected : undefined)
    if (isAllowed) {
      expect(asked.headers['access-control-allow-headers']).toContain('X-Requested-With')
      const exposed = String(refused.headers['access-control-expose-headers']).split(',')
      expect(exposed.sort()).toEqual(['ETag', 'Retry-After', 'WWW-Authenticate', 'X-Request-Id'])
    }
    await service.stop()
  })
})
