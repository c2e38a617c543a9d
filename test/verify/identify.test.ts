import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { describe, expect, test } from '@jest/globals'
import { startAnsweringServer } from '../support/answering-server.ts'
import { startFront } from '../support/faulty-front.ts'
import { startMock } from '../support/mock-service.ts'
import { emptyFolder, main, runProgram, systemEnvironment } from '../support/process.ts'
import { document, only, run } from '../support/verification.ts'

const basics = only(document, '/signup', '/token', '/protected', '/account')

const respondJson = (response: ServerResponse, status: number, body: object): void =>
  void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))

// It has the members of every successful response, but it is the same response to everything.
const everything = {
  message: 'x',
  access_token: 'x',
  token_type: 'bearer',
  expires_in: 9,
  refresh_token: 'x',
  scope: '',
}

describe('a server that is plainly another service ends the run early:', () => {
  test.each<[string, RequestListener]>([
    ['200 without a body', (_request, response) => response.end()],
    ['200 with a text', (_request, response) => response.end('hello')],
    ['404 with a page', (_request, response) => response.writeHead(404, { 'Content-Type': 'text/html' }).end('<p>')],
    ['the same JSON to everything', (_request, response) => respondJson(response, 200, everything)],
    [
      'success without a token',
      ({ method, url }, response) => respondJson(response, method === 'GET' ? 200 : 404, { message: url }),
    ],
  ])('%s', async (_what, respond) => {
    let requests = 0
    const url = await startAnsweringServer((request, response) => {
      requests += 1
      respond(request, response)
    })
    await expect(run(url, { document: basics })).rejects.toThrow(
      /^it does not respond like the service[^]*\n {2}POST \/signup: /,
    )
    expect(requests).toBeLessThan(10)
  })

  test('after requests with Host and Content-Length', async () => {
    const seen: IncomingMessage['headers'][] = []
    const url = await startAnsweringServer(({ headers }, response) => {
      seen.push(headers)
      response.end()
    })
    await expect(run(url, { document: basics })).rejects.toThrow('it does not respond like the service')
    expect(seen.map(({ host }) => host)).toEqual(seen.map(() => new URL(url).host))
    expect(seen.at(-1)).toMatchObject({ 'content-type': 'application/json', 'content-length': expect.any(String) })
  })

  const verifyAs = async (...options: readonly string[]) => {
    const url = await startAnsweringServer((_request, response) => response.writeHead(404).end())
    const { status, stdout, stderr } = await runProgram(process.execPath, [main, 'verify', url, ...options], {
      cwd: emptyFolder(),
      env: systemEnvironment(),
    })
    return { status, lines: `${stderr}${stdout}`.split('\n') }
  }

  test('the command says why, in a few lines', async () => {
    const { status, lines } = await verifyAs()
    expect(lines[0]).toMatch(/^error: .* cannot be verified: it does not respond like the service of this contract/)
    expect(lines.length).toBeLessThan(60)
    expect(status).toBe(1)
  })

  test('the command runs every check with --all', async () => {
    const { status, lines } = await verifyAs('--all')
    expect(lines.filter((line) => line.startsWith('FAILED')).length).toBeGreaterThan(750)
    expect(status).toBe(1)
  })
})

describe('a faulty service gets the whole list of its failures:', () => {
  test('no sign-up, and headers that are missing everywhere', async () => {
    const front = await startFront(await startMock(), (passing) => {
      delete passing.headers.vary
      delete passing.headers['x-request-id']
      delete passing.headers['x-content-type-options']
      if (passing.request.url === '/signup') passing.status = 500
    })
    expect((await run(front, { document: basics })).results.length).toBeGreaterThan(200)
  })

  test('another media type for every error', async () => {
    const front = await startFront(await startMock(), ({ headers, status }) => {
      if (status >= 400) headers['content-type'] = 'application/json'
    })
    expect((await run(front, { document: basics })).results.length).toBeGreaterThan(200)
  })

  test('only its sign-up is as declared', async () => {
    const url = await startAnsweringServer(({ method, url: path }, response) =>
      method === 'POST' && path === '/signup'
        ? respondJson(response, 200, { message: 'User created successfully' })
        : respondJson(response, 404, { detail: 'Not Found' }),
    )
    expect((await run(url, { document: basics })).results.length).toBeGreaterThan(200)
  })
})
