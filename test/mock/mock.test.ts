import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from '@jest/globals'
import yaml from 'js-yaml'
import { mock, type RunningMock } from '../../src/commands/mock.ts'
import { createConformance } from '../../src/contract/conformance.ts'
import { type ContractDocument, readContract } from '../../src/contract/document.ts'
import { operationsOf } from '../../src/contract/operations.ts'
import { contractIn } from '../../src/mock/document.ts'
import { mockResponses } from '../../src/mock/mock-responses.ts'
import { atEnd } from '../support/at-end.ts'
import { form, type Received, send, type Sent } from '../support/contract-client.ts'
import { emptyFolder, startProcess, systemEnvironment } from '../support/process.ts'

const contract: any = readContract()
const conforms = createConformance(contract)

/** A contract with an operation that no handler is written for. */
const grown: any = structuredClone(contract)
grown.paths['/whoami/{id}'] = {
  get: {
    ...grown.paths['/protected'].get,
    operationId: 'readWhoami',
    parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', maxLength: 5 } }],
    responses: {
      ...grown.paths['/protected'].get.responses,
      200: {
        ...grown.paths['/protected'].get.responses['200'],
        content: {
          'application/json': {
            schema: { type: 'object', required: ['username'], properties: { username: { type: 'string' } } },
            example: { username: 'licat' },
          },
        },
      },
      400: { $ref: '#/components/responses/InvalidParameter' },
    },
  },
  delete: {
    ...grown.paths['/protected'].get,
    operationId: 'forget',
    parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', maxLength: 5 } }],
    security: [],
    responses: {
      204: { description: 'Gone', headers: grown.paths['/protected'].get.responses['200'].headers },
      500: { $ref: '#/components/responses/InternalError' },
    },
  },
}

const said: string[] = []

const start = async (readDocument: () => ContractDocument): Promise<{ url: string; mocked: RunningMock }> => {
  const mocked = await mock({
    environment: { PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'silent', NODE_ENV: 'production' },
    readDocument,
    stdout: { fd: 1, isTTY: false },
    print: (line) => said.push(line),
  })
  atEnd(mocked.stop)
  return { url: `http://127.0.0.1:${mocked.port}`, mocked }
}

let url = ''
beforeAll(async () => {
  url = (await start(() => contract)).url
})

const postJson = (path: string, body: unknown): Sent => ({
  method: 'POST',
  path,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
const postForm = (fields: Readonly<Record<string, string>>): Sent => ({
  method: 'POST',
  path: '/token',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: form(fields),
})
const licat = { username: 'licat', password: '1234' }
const authorization = 'Bearer anything'

const expectConform = (id: string | undefined, received: Received): void =>
  expect(conforms(id, { ...received, body: received.text })).toEqual([])

const shown = operationsOf(contract).flatMap((operation) =>
  mockResponses(contract, operation).map(
    (answer) => [`${operation.id} ${answer.status} ${answer.example}`, { ...operation, answer }] as const,
  ),
)

describe('each answer that the contract shows is given when it is asked for:', () => {
  test('there are some of each operation', () => {
    const ids = new Set(shown.map(([, { id }]) => id))
    expect([...ids]).toEqual(operationsOf(contract).map(({ id }) => id))
  })

  test.each(shown)('%s', async (_name, { id, path, method, answer }) => {
    const asked = {
      header: { path, headers: { prefer: `code=${answer.status}, example=${answer.example}` } },
      query: { path: `${path}?__code=${answer.status}&__example=${answer.example}` },
    }
    for (const sent of Object.values(asked)) {
      const received = await send(url, { method: method.toUpperCase(), ...sent })
      expect([received.status, received.json]).toEqual([answer.status, answer.body])
      expectConform(id, received)
    }
  })

  test.each<[method: string, path: string, prefer: string, challenge: string | undefined]>([
    ['GET', '/protected', 'example="noToken"', 'Bearer'],
    ['GET', '/protected', 'example="badToken"', 'Bearer error="invalid_token"'],
    ['DELETE', '/account', 'example="noToken"', 'Bearer'],
    ['DELETE', '/account', 'example="badToken"', 'Bearer error="invalid_token"'],
    ['DELETE', '/account', 'example="oldLogIn"', 'Bearer error="insufficient_user_authentication", max_age="300"'],
    ['GET', '/account', 'code=403', 'Bearer error="insufficient_scope", scope="account:read"'],
    ['DELETE', '/account', 'code=403', 'Bearer error="insufficient_scope", scope="account:write"'],
    ['GET', '/sessions', 'code=403', 'Bearer error="insufficient_scope", scope="sessions:read"'],
    ['DELETE', '/sessions/x', 'code=403', 'Bearer error="insufficient_scope", scope="sessions:write"'],
    ['PUT', '/account/password', 'example="incorrect"', undefined],
  ])('%s %s with %s has the challenge of its example', async (method, path, prefer, challenge) => {
    const { headers } = await send(url, { method, path, headers: { prefer } })
    expect(headers['www-authenticate']).toBe(challenge)
  })

  test('a challenge that is there for one example of two', async () => {
    const changed = structuredClone(contract)
    const refused = changed.components.responses.PasswordChangeRefused.content['application/problem+json']
    const [scope] = Object.values(
      changed.components.responses.InsufficientScope.content['application/problem+json'].examples,
    )
    refused.examples = { ...refused.examples, scope }
    const { url: other } = await start(() => changed)
    const challenge = async (example: string): Promise<unknown> => {
      const received = await send(other, {
        method: 'PUT',
        path: '/account/password',
        headers: { prefer: `example=${example}` },
      })
      expectConform('changePassword', received)
      return received.headers['www-authenticate']
    }
    expect(await challenge('incorrect')).toBeUndefined()
    expect(await challenge('scope')).toBe('Bearer error="insufficient_scope", scope="account:write"')
  })

  test.each(['code=418', 'example=nothing', 'code=200, example=taken'])('but not %s', async (prefer) => {
    const received = await send(url, { ...postJson('/signup', licat), headers: { prefer } })
    expect([received.status, received.json.detail]).toEqual([400, 'The contract has no such response for signup'])
    expectConform('signup', received)
  })
})

type Row = [what: string, id: string | undefined, sent: Sent, status: number, part: object]

const bearing = (method: string, path: string): Sent => ({ method, path, headers: { authorization } })
const sessionId = '0f8fad5b-d9cb-469f-a165-70867728950e'
const newPassword = JSON.stringify({ current_password: '1234', new_password: '12345' })
const putPassword = {
  ...bearing('PUT', '/account/password'),
  headers: { authorization, 'content-type': 'application/json' },
}

/** Any token has every scope, and is of a log-in just now. */
const scoped: Row[] = [
  ['the account', 'readAccount', bearing('GET', '/account'), 200, { username: 'licat' }],
  ['another password', 'changePassword', { ...putPassword, body: newPassword }, 200, { message: 'Password changed' }],
  ['the end of the account', 'deleteAccount', bearing('DELETE', '/account'), 200, { message: 'Account deleted' }],
  ['the sessions', 'listSessions', bearing('GET', '/sessions?limit=1&other=x'), 200, { sessions: [{}, {}] }],
  ['the end of others', 'endOtherSessions', bearing('DELETE', '/sessions'), 200, { message: 'Other sessions ended' }],
  ['the end of one', 'endSession', bearing('DELETE', `/sessions/${sessionId}`), 200, { message: 'Session ended' }],
]

const wrong = { code: 'invalid-parameter' }
const wrongParameters: Row[] = [
  [
    'no number',
    'listSessions',
    bearing('GET', '/sessions?limit=x'),
    400,
    { ...wrong, detail: 'limit must be an integer' },
  ],
  [
    'too low',
    'listSessions',
    bearing('GET', '/sessions?limit=0'),
    400,
    { ...wrong, detail: 'limit must be at least 1' },
  ],
  ['too high', 'listSessions', bearing('GET', '/sessions?limit=101'), 400, wrong],
  ['an odd cursor', 'listSessions', bearing('GET', '/sessions?cursor=%20'), 400, wrong],
  ['a session that is no UUID', 'endSession', bearing('DELETE', '/sessions/x'), 400, wrong],
  ['a parameter, but no token', 'endSession', { method: 'DELETE', path: '/sessions/x' }, 401, {}],
  ['a wrong new password', 'changePassword', { ...putPassword, body: '{}' }, 422, { code: 'invalid-body' }],
]

describe('without being asked it answers as the service would:', () => {
  test.each<Row>([
    ['a sign-up', 'signup', postJson('/signup', licat), 200, { message: 'User created successfully' }],
    ['a log-in', 'issueToken', postForm(licat), 200, { token_type: 'bearer', expires_in: 1800 }],
    ['a token', 'readProtected', { path: '/protected/', headers: { authorization } }, 200, {}],
    ['liveness', 'readLiveness', { path: '/health/live' }, 200, { status: 'live' }],
    ['readiness', 'readReadiness', { path: '/health/ready' }, 200, { status: 'ready' }],
    ['no token', 'readProtected', { path: '/protected' }, 401, { code: 'not-authenticated' }],
    ['an empty token', 'readProtected', { path: '/protected', headers: { authorization: 'Bearer ' } }, 401, {}],
    [
      'a wrong body',
      'signup',
      postJson('/signup', { username: 'x' }),
      422,
      { errors: [{ pointer: '#/password', detail: 'is required' }] },
    ],
    ['a wrong media type', 'issueToken', { ...postJson('/token', licat) }, 415, { error: 'invalid_request' }],
    ['another grant', 'issueToken', postForm({ ...licat, grant_type: 'x' }), 400, { error: 'unsupported_grant_type' }],
    [
      'a large body',
      'signup',
      postJson('/signup', { ...licat, more: 'x'.repeat(16_384) }),
      413,
      { code: 'body-too-large' },
    ],
    ['an unknown path', undefined, { path: '/nope' }, 404, { code: 'not-found' }],
    ...scoped,
    ...wrongParameters,
  ])('%s', async (_what, id, sent, status, part) => {
    const received = await send(url, sent)
    expect(received.status).toBe(status)
    expect(received.json).toMatchObject(part)
    expectConform(id, received)
  })

  test('another method gets Allow', async () => {
    const received = await send(url, { method: 'DELETE', path: '/signup' })
    expect([received.status, received.headers.allow]).toEqual([405, 'POST, OPTIONS'])
    expectConform(undefined, received)
  })

  test('pages on localhost may call', async () => {
    const headers = { origin: 'http://localhost:5173' }
    const received = await send(url, {
      ...postJson('/signup', licat),
      headers: { ...headers, 'content-type': 'application/json' },
    })
    expect(received.headers['access-control-allow-origin']).toBe(headers.origin)
    const elsewhere = await send(url, { path: '/health/live', headers: { origin: 'https://example.com' } })
    expect(elsewhere.headers['access-control-allow-origin']).toBeUndefined()
  })
})

describe('an operation that was just added', () => {
  let added = ''
  beforeAll(async () => {
    added = (await start(() => grown)).url
  })
  const conformsNow = createConformance(grown)

  test('is answered and guarded', async () => {
    const received = await send(added, { path: '/whoami/7', headers: { authorization } })
    expect([received.status, received.json]).toEqual([200, { username: 'licat' }])
    expect(conformsNow('readWhoami', { ...received, body: received.text })).toEqual([])
    expect((await send(added, { path: '/whoami/7' })).status).toBe(401)
    const refused = await send(added, { path: '/whoami/toolong', headers: { authorization } })
    expect([refused.status, refused.json.detail]).toEqual([400, 'id must have at most 5 characters'])
  })

  test('may have no body', async () => {
    const received = await send(added, { method: 'DELETE', path: '/whoami/7' })
    expect([received.status, received.text]).toEqual([204, ''])
    expect(conformsNow('forget', { ...received, body: received.text })).toEqual([])
  })

  test.each<[what: string, change: (response: any) => void]>([
    ['no example', ({ content }) => delete content['application/json'].example],
    ['an example that is not as declared', ({ content }) => (content['application/json'].example = { username: 7 })],
    [
      'a header whose name cannot be sent',
      (response) =>
        (response.headers = {
          ...response.headers,
          'X Total': { required: true, schema: { type: 'integer', example: 7 } },
        }),
    ],
  ])('with %s is a declared 500', async (_what, change) => {
    const changed = structuredClone(grown)
    change(changed.paths['/whoami/{id}'].get.responses['200'])
    const { url: other } = await start(() => changed)
    const received = await send(other, { path: '/whoami/7', headers: { authorization } })
    expect(received.json).toMatchObject({ status: 500, code: 'internal-error' })
  })
})

describe('a contract that changes', () => {
  test('is served as it is now; while it cannot be, the last good one is, up to the stop', async () => {
    let document: any = contract
    const { url: other, mocked } = await start(() => document)
    const status = async (): Promise<number> =>
      (await send(other, { path: '/whoami/7', headers: { authorization } })).status
    expect(await status()).toBe(404)
    document = grown
    await mocked.reload()
    expect(await status()).toBe(200)
    document = {
      ...grown,
      paths: { '/x': { get: { operationId: 'x', security: [], responses: { 200: { $ref: '#/nothing' } } } } },
    }
    await mocked.reload()
    expect(said.at(-1)).toBe('error: The contract cannot be served: The contract has no #/nothing')
    expect(await status()).toBe(200)
    await mocked.stop()
    await expect(status()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  test.each([
    ['PORT', { PORT: 'x' }, 'PORT is not valid'],
    ['a contract', { PORT: '0' }, 'The contract cannot be served: gone'],
  ])('does not start with %s that is wrong', async (_what, environment, problem) => {
    const readDocument = (): never => {
      throw new Error('gone')
    }
    const print = (line: string): unknown => said.push(line)
    await expect(mock({ environment, readDocument, stdout: { fd: 1, isTTY: false }, print })).rejects.toThrow(problem)
  })

  test('does not start on a port that is taken', async () => {
    const environment = { HOST: '127.0.0.1', PORT: new URL(url).port }
    const print = (line: string): unknown => said.push(line)
    const readDocument = () => contract
    await expect(mock({ environment, readDocument, stdout: { fd: 1, isTTY: false }, print })).rejects.toThrow(
      'is in use',
    )
  })
})

describe('a contract that leaves out what it may', () => {
  const sparse: any = structuredClone(contract)
  delete sparse['x-unmatched-responses']
  delete sparse.servers
  delete sparse.paths['/protected'].get.security
  sparse.security = [{ bearer: [] }]
  let address = ''
  beforeAll(async () => {
    address = (await start(() => contractIn('sparse.yaml', sparse))).url
  })

  test('is served; what matches no operation is not judged', async () => {
    expect((await send(address, postJson('/signup', licat))).json).toEqual({ message: 'User created successfully' })
    const unknown = await send(address, { path: '/nope' })
    expect([unknown.status, unknown.json.code]).toEqual([404, 'not-found'])
  })

  test('has the security of the document', async () => {
    expect((await send(address, { path: '/protected' })).status).toBe(401)
    expect((await send(address, { path: '/protected', headers: { authorization } })).status).toBe(200)
  })

  test('may have no components, and no operation that asks for a token', async () => {
    const paths = { '/x': { get: { operationId: 'x', responses: { 200: { description: 'Nothing' } } } } }
    const { url: other } = await start(() => contractIn('x.yaml', { openapi: '3.0.3', info: {}, paths }))
    expect((await send(other, { path: '/nope' })).status).toBe(404)
    expect((await send(other, { method: 'DELETE', path: '/x' })).headers.allow).toBe('GET, HEAD, OPTIONS')
  })

  test('is still held to what it says of its operations', async () => {
    const changed = structuredClone(sparse)
    delete changed.paths['/signup'].post.responses['415']
    const { url: other } = await start(() => contractIn('sparse.yaml', changed))
    const received = await send(other, { ...postJson('/signup', licat), headers: { 'content-type': 'text/plain' } })
    expect(received.status).toBe(500)
  })
})

test.each<[what: string, value: unknown, problem: string]>([
  ['nothing', undefined, 'x.yaml is not an OpenAPI 3.0 document'],
  ['a word', 'Sesame', 'x.yaml is not an OpenAPI 3.0 document'],
  ['a package', { name: 'sesame', version: '0.1.0' }, 'x.yaml is not an OpenAPI 3.0 document'],
  ['OpenAPI 3.1', { ...contract, openapi: '3.1.0' }, 'x.yaml is not an OpenAPI 3.0 document'],
  ['no paths', { ...contract, paths: undefined }, 'x.yaml is not an OpenAPI 3.0 document'],
  ['a path without anything', { ...contract, paths: { '/x': null } }, 'x.yaml is not an OpenAPI 3.0 document'],
  [
    'an operation without anything',
    { ...contract, paths: { '/x': { post: null } } },
    'x.yaml: POST /x has no operationId',
  ],
  [
    'an operation without a name',
    { ...contract, paths: { '/x': { get: { responses: {} } } } },
    'x.yaml: GET /x has no operationId',
  ],
  [
    'an operation without answers',
    { ...contract, paths: { '/x': { put: { operationId: 'x' } } } },
    'x.yaml: PUT /x has no responses',
  ],
])('%s is said to be no contract that can be served', (_what, value, problem) => {
  expect(() => contractIn('x.yaml', value)).toThrow(new Error(problem))
})

describe('npm run mock', () => {
  const folder = emptyFolder()
  const script = fileURLToPath(new URL('../../scripts/mock.mjs', import.meta.url))
  const settings = { PORT: '0', HOST: '127.0.0.1' }
  const run = (...words: string[]) => {
    const env = { ...systemEnvironment(), ...settings }
    return spawnSync(process.execPath, [script, ...words], { cwd: folder, env, encoding: 'utf8' })
  }

  test.each(['--help', '-h'])('%s shows how it is used', (word) => {
    const { status, stdout } = run(word)
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^Usage: npm run mock/)])
  })

  test.each([
    [['--port', '1'], "error: Unknown option '--port'"],
    [['one.yaml', 'two.yaml'], 'error: Name only one contract.'],
  ])('%j is refused', (words, problem) => {
    const { status, stderr } = run(...words)
    expect([status, stderr.split('\n')[0]]).toEqual([2, expect.stringContaining(problem)])
    expect(stderr).toContain('Usage: npm run mock')
  })

  test('says that another file is no contract', () => {
    const file = join(folder, 'package.json')
    writeFileSync(file, '{}')
    const { status, stderr } = run(file)
    const sentence = `error: The contract cannot be served: ${file} is not an OpenAPI 3.0 document\n`
    expect([status, stderr]).toEqual([1, sentence])
  })

  test('serves a file, and what it becomes', async () => {
    const file = join(folder, 'openapi.yaml')
    writeFileSync(file, yaml.dump(contract))
    const { child, exit, says } = startProcess(settings, folder, [file], { script })
    const address = (await says(/contract at (\S+)\n/))?.[1] ?? ''
    expect((await send(address, { path: '/whoami/7', headers: { authorization } })).status).toBe(404)
    writeFileSync(file, yaml.dump(grown, { noRefs: true }))
    await says(/Reloaded the contract/)
    expect((await send(address, { path: '/whoami/7', headers: { authorization } })).json).toEqual({ username: 'licat' })
    child.kill('SIGTERM')
    expect(await exit).toBe(0)
  })
})
