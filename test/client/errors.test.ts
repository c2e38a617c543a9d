import type { RequestListener } from 'node:http'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { createClient, SesameError } from '../../src/client/index.ts'
import { readContract } from '../../src/contract/document.ts'
import { operationsOf } from '../../src/contract/operations.ts'
import type { OperationId } from '../../src/contract/types.ts'
import { startAnsweringServer } from '../support/answering-server.ts'
import { account, calls, rejection } from '../support/client-calls.ts'
import { type RunningService, startService } from '../support/service.ts'
import { failingStores } from '../support/stores.ts'

const contract = readContract()
const uuid = /^[0-9a-f-]{36}$/

describe('what the service refuses', () => {
  let service: RunningService
  let broken: RunningService
  let draining: RunningService
  beforeAll(async () => {
    service = await startService()
    broken = await startService({ stores: failingStores() })
    draining = await startService()
    draining.startDraining()
    await createClient({ baseUrl: service.url }).signup(account)
  })

  const working = () => createClient({ baseUrl: service.url })
  const failing = () => createClient({ baseUrl: broken.url })

  test.each([
    ['username-taken', 400, 'Username already exists', () => working().signup(account)],
    ['invalid-body', 422, 'The request body is not valid', () => working().signup({ ...account, username: '' })],
    [
      'body-too-large',
      413,
      'The request body is too large',
      () => working().signup({ ...account, username: 'x'.repeat(20_000) }),
    ],
    ['invalid_grant', 401, 'Incorrect username or password', () => working().login({ ...account, password: '4321' })],
    [
      'invalid_scope',
      400,
      'The scope is unknown or was not granted',
      () => working().login({ ...account, scope: 'all' }),
    ],
    ['invalid_request', 400, 'password is required', () => working().login({ ...account, password: '' })],
    ['not-authenticated', 401, 'Not authenticated', () => working().readProtected()],
    ['not-found', 404, 'Not Found', () => createClient({ baseUrl: `${service.url}/api` }).readLiveness()],
    ['internal-error', 500, 'Internal Server Error', () => failing().signup(account)],
    ['server_error', 500, 'Internal Server Error', () => failing().login(account)],
    ['not-ready', 503, 'The service is not ready', () => createClient({ baseUrl: draining.url }).readReadiness()],
  ])('is an error with the code %s, the status %i and the detail "%s"', async (code, status, detail, call) => {
    const error = await rejection(call())
    expect(error).toBeInstanceOf(SesameError)
    expect(error).toMatchObject({ name: 'SesameError', code, status, requestId: expect.stringMatching(uuid) })
    expect(error.message).toBe(error.detail)
    expect(error.detail).toBe(detail)
  })

  test('is found in the log by the request id', async () => {
    const { requestId } = await rejection(working().signup(account))
    expect(service.lines.find(({ id }) => id === requestId)).toMatchObject({ route: '/signup', status: 400 })
  })

  test('names the places of the body that are not valid, and has none elsewhere', async () => {
    const { errors } = await rejection(working().signup({ username: 'a b', password: '' }))
    expect(errors).toEqual([{ pointer: '#/password', detail: expect.any(String) }])
    expect((await rejection(working().signup(account))).errors).toEqual([])
  })

  test('says when to try again where the service says so', async () => {
    const error = await rejection(createClient({ baseUrl: draining.url }).readReadiness())
    expect(error.retryAfterSeconds).toBeGreaterThan(0)
    expect((await rejection(working().signup(account))).retryAfterSeconds).toBeUndefined()
  })
})

/** Every example of an error that the contract has, and what operation it is an answer to. */
const examples = operationsOf(contract).flatMap(({ id, responses }) =>
  [...responses.values()]
    .filter(({ status }) => status >= 400)
    .flatMap(({ status, content = {} }) =>
      Object.entries(content).flatMap(([mediaType, media]) =>
        Object.entries(media.examples ?? {}).map(([name, { value }]) => ({
          id: id as OperationId,
          status,
          mediaType,
          name,
          value: value as any,
        })),
      ),
    ),
)

describe('an error that the contract declares', () => {
  test.each(examples)('is understood: $id $status $name', async ({ id, status, mediaType, value }) => {
    const baseUrl = await startAnsweringServer((_request, response) => {
      response.writeHead(status, { 'Content-Type': mediaType }).end(JSON.stringify(value))
    })
    const error = await rejection(calls[id](createClient({ baseUrl })))
    const { detail, code = value.error, errors = [] } = value
    expect(error).toMatchObject({ code, status, detail, errors })
  })
})

const answerWith =
  (
    status: number,
    mediaType: string | undefined,
    body: string,
    headers: Record<string, string> = {},
  ): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { ...(mediaType && { 'Content-Type': mediaType }), ...headers }).end(body)
  }

describe('an answer that the contract does not declare', () => {
  const problem = { type: 'about:blank', title: 'Bad Gateway', status: 502, detail: 'No', code: 'not-ready' }

  test.each([
    ["a proxy's page", answerWith(502, 'text/html', '<h1>Bad Gateway</h1>'), '502 text/html'],
    ["a proxy's page that says 200", answerWith(200, 'text/html', '<h1>Sign in</h1>'), '200 text/html'],
    ['no JSON, said to be JSON', answerWith(200, 'application/json', '{"message"'), '200 application/json'],
    ['no JSON, said to be a problem', answerWith(500, 'application/problem+json', '<'), '500 application/problem+json'],
    ['JSON that is no object', answerWith(200, 'application/json', '[]'), '200 application/json'],
    ['JSON null', answerWith(401, 'application/json', 'null'), '401 application/json'],
    ['nothing', answerWith(200, undefined, ''), '200 without a media type'],
    ['204', answerWith(204, undefined, ''), '204 without a media type'],
    ["FastAPI's error", answerWith(401, 'application/json', '{"detail":"No"}'), '401 application/json'],
    ["a gateway's error", answerWith(403, 'application/json', '{"error":"no","detail":"No"}'), '403 application/json'],
    ['a code that is no string', answerWith(502, 'x/y', JSON.stringify({ ...problem, code: 1 })), '502 x/y'],
    ['no detail', answerWith(502, 'x/y', JSON.stringify({ ...problem, detail: undefined })), '502 x/y'],
    ['another type of problem', answerWith(502, 'x/y', JSON.stringify({ ...problem, type: 'urn:x' })), '502 x/y'],
  ])('is an error that shows its status and media type: %s', async (_what, answer, shown) => {
    const baseUrl = await startAnsweringServer(answer)
    const error = await rejection(createClient({ baseUrl }).readProtected())
    expect(error).toBeInstanceOf(SesameError)
    expect(error).toMatchObject({ code: 'undeclared-answer', status: parseInt(shown), errors: [] })
    expect(error.detail).toBe(`The contract does not declare this response from ${baseUrl}/protected: ${shown}`)
  })

  describe('is an error to a log-in, too, which brings no token then:', () => {
    const declared = { access_token: 'a-_Z.0.c', token_type: 'bearer', expires_in: 1, refresh_token: '-_0', scope: '' }
    const loggingIn = async (answer: object) => {
      const baseUrl = await startAnsweringServer(answerWith(200, 'application/json', JSON.stringify(answer)))
      const client = createClient({ baseUrl })
      return { client, login: client.login(account) }
    }

    test.each([
      ['no token', { access_token: undefined }],
      ['a token that is no string', { access_token: ['a.b.c'] }],
      ['a token that is no JWT', { access_token: 'abc' }],
      ['a token with a line break', { access_token: 'a.b.c\r\nX: y' }],
      ['a token with a line break at its end', { access_token: 'a.b.c\n' }],
      ['a token with a letter that no header takes', { access_token: 'a.b.\u20ac' }],
      ['no lifetime', { expires_in: undefined }],
      ['a lifetime that is no number', { expires_in: '1800' }],
      ['a lifetime that is no whole number', { expires_in: 0.5 }],
      ['no time to live', { expires_in: 0 }],
      ['no refresh token', { refresh_token: undefined }],
      ['a refresh token that is no string', { refresh_token: ['abc'] }],
      ['a refresh token in another alphabet', { refresh_token: 'a.b' }],
    ])('%s', async (_what, difference) => {
      const { client, login } = await loggingIn({ ...declared, ...difference })
      expect(await rejection(login)).toMatchObject({ name: 'SesameError', code: 'undeclared-answer', status: 200 })
      expect(client.isLoggedIn()).toBe(false)
    })

    test('but not one that the contract declares', async () => {
      const { client, login } = await loggingIn(declared)
      expect(await login).toEqual(declared)
      expect(client.isLoggedIn()).toBe(true)
    })
  })

  test('is a redirect, which is not followed', async () => {
    let isAsked = false
    const elsewhere = await startAnsweringServer((_request, response) => {
      isAsked = true
      response.end()
    })
    const baseUrl = await startAnsweringServer(answerWith(307, undefined, '', { Location: `${elsewhere}/token` }))
    const error = await rejection(createClient({ baseUrl }).login(account))
    expect(error).toMatchObject({ code: 'undeclared-answer', status: 307 })
    expect(isAsked).toBe(false)
  })

  test.each([
    ['7', 7],
    ['Wed, 21 Oct 2099 07:28:00 GMT', undefined],
    ['-1', undefined],
  ])('has its Retry-After where that is a number of seconds: %s', async (value, seconds) => {
    const baseUrl = await startAnsweringServer(answerWith(503, 'text/plain', 'busy', { 'Retry-After': value }))
    expect((await rejection(createClient({ baseUrl }).readLiveness())).retryAfterSeconds).toBe(seconds)
  })
})

describe('a failure of the network', () => {
  test('is an error with its cause: nobody listens', async () => {
    const service = await startService()
    await service.stop()
    const error = await rejection(createClient({ baseUrl: service.url }).readLiveness())
    expect(error).toBeInstanceOf(SesameError)
    expect(error).toMatchObject({
      code: 'network-failure',
      status: undefined,
      requestId: undefined,
      detail: `No complete response to GET ${service.url}/health/live`,
      cause: { cause: { code: 'ECONNREFUSED' } },
    })
  })

  test.each([
    ['before it begins', 0, ''],
    ['within a success', 200, '{"status":'],
    ['within an error', 500, '{"type":'],
  ])('is an error with its cause: the answer breaks off %s', async (_when, status, part) => {
    const baseUrl = await startAnsweringServer((request, response) => {
      if (status === 0) {
        request.socket.destroy()
        return
      }
      response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': '1000' })
      response.write(part, () => request.socket.destroy())
    })
    const error = await rejection(createClient({ baseUrl }).readLiveness())
    expect(error).toMatchObject({ code: 'network-failure', status: undefined, cause: { name: 'TypeError' } })
  })

  test('is an error with its cause: the fetch that was given fails', async () => {
    const cause = new DOMException('Too slow', 'TimeoutError')
    const client = createClient({ baseUrl: 'http://localhost', fetch: () => Promise.reject(cause) })
    expect(await rejection(client.readLiveness())).toMatchObject({ code: 'network-failure', cause })
  })

  const readBefore = async (request: Request): Promise<Response> => {
    const response = await fetch(request)
    await response.text()
    return response
  }

  test.each([
    ['nothing', () => Promise.resolve(undefined as unknown as Response)],
    ['what is no response', () => Promise.resolve({} as Response)],
    ['a response whose body was read', readBefore],
  ])('is an error with its cause: the fetch that was given returns %s', async (_what, fetch) => {
    const baseUrl = await startAnsweringServer(answerWith(200, 'application/json', '{"status":"live"}'))
    const error = await rejection(createClient({ baseUrl, fetch }).readLiveness())
    expect(error).toMatchObject({ name: 'SesameError', code: 'network-failure', cause: { name: 'TypeError' } })
    expect(error.detail).toBe(`No complete response to GET ${baseUrl}/health/live`)
  })
})
