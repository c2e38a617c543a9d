import { createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { json, type Passing, startFront } from '../support/faulty-front.ts'
import { listen } from '../support/listen.ts'
import { startMock } from '../support/mock-service.ts'
import { type RunningService, startService } from '../support/service.ts'
import type { Verification } from '../../src/verify/verify.ts'
import { document, failuresOf, only, rulesOf, run, titlesOf } from '../support/verification.ts'

let service: RunningService
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const basics = only(document, '/signup', '/token', '/protected', '/account')

// That one passes every check, transport and all, is said in test/commands/verify.test.ts.
describe('a service that keeps the contract, behind a proxy and below a path,', () => {
  const said: string[] = []
  let verification: Verification
  beforeAll(async () => {
    let isFirst = true
    const front = await startFront(
      service.url,
      (passing) => {
        passing.headers.via = '1.1 front'
        if (passing.request.url !== '/auth/signup' || !isFirst) return
        isFirst = false
        passing.status = 429
        passing.headers['retry-after'] = '1'
      },
      '/auth',
    )
    verification = await run(`${front}/auth/`, {
      document: basics,
      expiredToken: 'a.b.c',
      onProgress: (_done, _total, now) => said.push(now),
    })
  })

  test('passes', () => {
    expect(failuresOf(verification.results)).toEqual([])
    expect(verification.notProvoked).toEqual(expect.arrayContaining(['readProtected 400', 'any request 431']))
  })

  test('refuses an expired token that is given', () => {
    expect(verification.isExpiryChecked).toBe(true)
    expect(titlesOf(verification.results)).toContain('an expired token')
  })

  test('is waited for as Retry-After asks, also by what a check needs first', () => {
    expect(said).toContain('waiting 1 s, as Retry-After requires')
  })
})

const isPageOfTwo = ({ request, status }: Passing): boolean =>
  status === 200 && /^\/sessions\?limit=2(&|$)/.test(request.url ?? '')
const isToken = ({ request, status }: Passing): boolean => request.url === '/token' && status === 200

describe('a fault is found and named:', () => {
  const faults: readonly (readonly [name: string, plant: (passing: Passing) => void, rule: string | RegExp])[] = [
    [
      'an undeclared member',
      (passing) => isToken(passing) && json(passing, (members) => (members.id_token = 'x')),
      'the body does not match its schema: the member /id_token is not declared',
    ],
    ['an undeclared status', (passing) => passing.status === 422 && (passing.status = 418), /the status 418 is not/],
    [
      'another status, though a declared one',
      (passing) => passing.request.url === '/signup' && passing.status === 415 && (passing.status = 400),
      'the status must be 415, not 400',
    ],
    ['a missing header', ({ headers }) => delete headers.vary, 'the header Vary is missing'],
    [
      'an undeclared header',
      ({ headers }) => (headers['x-powered-by'] = 'x'),
      'the header x-powered-by is not declared',
    ],
    [
      'a challenge that names no error',
      ({ headers }) => headers['www-authenticate'] !== undefined && (headers['www-authenticate'] = 'Bearer'),
      /the header WWW-Authenticate must be Bearer with error="invalid_token"/,
    ],
    [
      'a challenge that names no scope',
      () => undefined,
      'the header WWW-Authenticate must be Bearer error="insufficient_scope", scope="sessions:read" (RFC 6750, 3.1)',
    ],
    [
      'a challenge where the token is not what is wrong',
      ({ headers, body }) => body.includes('incorrect-password') && (headers['www-authenticate'] = 'Bearer'),
      'the header WWW-Authenticate must be absent, because the token is valid',
    ],
    [
      'a scope that is not the one that was asked for',
      (passing) => isToken(passing) && json(passing, (members) => (members.scope = `${members.scope} more`)),
      'the scope must be account:write, not account:write more',
    ],
    [
      'another error for a scope',
      (passing) => json(passing, (members) => members.error === 'invalid_scope' && (members.error = 'invalid_grant')),
      'the error must be invalid_scope (RFC 6749, 5.2)',
    ],
    [
      'an item too many on each page',
      (passing) => isPageOfTwo(passing) && json(passing, ({ sessions }) => sessions.push(sessions[0])),
      'a page must have at most 2 items, not 3',
    ],
    ['an item on two pages', () => undefined, 'an item must be on one page only'],
    [
      'an item that the whole list has not',
      (passing) =>
        isPageOfTwo(passing) && json(passing, ({ sessions }) => (sessions[1] = { ...sessions[1], client_id: 'x' })),
      'each item of a page must be in the whole list',
    ],
    [
      'a list without an end, of empty pages',
      (passing) => {
        if (!/^\/sessions\?limit=1(&|$)/.test(passing.request.url ?? '')) return
        passing.status = 200
        passing.body = '{"sessions":[],"next_cursor":"x"}'
      },
      'the list must end within 50 pages',
    ],
    ['an empty page in between', () => undefined, 'a page with a next_cursor must have an item'],
    [
      'an Allow that lacks a method',
      ({ headers }) => headers.allow !== undefined && (headers.allow = 'OPTIONS'),
      'the header Allow lacks POST',
    ],
    [
      'another error',
      (passing) => passing.status === 401 && json(passing, (members) => (members.error &&= 'invalid_request')),
      'the response must equal the example "incorrect"',
    ],
    [
      'a text that differs from its example',
      (passing) =>
        json(passing, (members) => members.detail === 'Username already exists' && (members.detail = 'Taken')),
      /^no response equalled the example: .*Username already exists/,
    ],
  ]
  let rules: readonly string[] = []
  beforeAll(async () => {
    const front = await startFront(service.url, (passing) => {
      for (const [, plant] of faults) plant(passing)
    })
    rules = rulesOf((await run(front)).results)
  })

  // All at once, since each run takes seconds; `npm run proof -- verify` plants others one by one.
  test.each(faults)('%s', (_name, _plant, rule) => {
    expect(rules).toContainEqual(typeof rule === 'string' ? rule : expect.stringMatching(rule))
  })

  test('no sign-up at all: what needs an account says so', async () => {
    const front = await startFront(await startMock(), (passing) => {
      if (passing.request.url?.startsWith('/signup') && passing.status === 200) passing.status = 500
    })
    const { results, accounts } = await run(front, { document: basics })
    expect(rulesOf(results).join()).toMatch(/a required sign-up failed: 500/)
    expect(accounts.signedUp).toBe(0)
  })

  test('no token at all: what needs one says so', async () => {
    const front = await startFront(await startMock(), (passing) => {
      if (isToken(passing)) passing.status = 500
    })
    const { results, accounts } = await run(front, { document: basics })
    expect(rulesOf(results).join()).toMatch(/a required log-in failed: 500/)
    expect(accounts.staying[0]?.reason).toBe('a required log-in failed: 500')
    expect(accounts.staying[0]?.names).toHaveLength(accounts.signedUp)
  })

  test('a server that is not there', async () => {
    await expect(run('http://127.0.0.1:1')).rejects.toThrow('ECONNREFUSED')
  })
})

describe('a server that is none is not waited for:', () => {
  /** Says the same to every connection, byte for byte. */
  const startTalker = async (talk: (socket: Socket) => void): Promise<string> => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      talk(socket)
    })
    return (await listen(server)).url
  }
  const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
  // A response may take long on a busy machine.
  const usualSeconds = 10

  test.each<[string, RegExp, number, (socket: Socket) => void]>([
    [
      'another protocol',
      /switched to another protocol \(101\)/,
      usualSeconds,
      (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
    ],
    ['no answer', /no complete response within 0.2 s/, 0.2, () => undefined],
    ['half an answer', /no complete response within 0.2 s/, 0.2, (socket) => socket.write(`${head}1\r\nx\r\n`)],
    ['a closed connection', /socket hang up/, usualSeconds, (socket) => socket.end()],
    ['no HTTP', /Parse Error/, usualSeconds, (socket) => socket.end('SSH-2.0-x\r\n')],
    [
      'a body without an end',
      /longer than 1048576 bytes/,
      usualSeconds,
      (socket) => socket.write(`${head}200001\r\n${'x'.repeat(2_097_153)}\r\n`),
    ],
  ])('%s', async (_what, message, timeoutSeconds, talk) => {
    await expect(run(await startTalker(talk), { timeoutSeconds })).rejects.toThrow(message)
  })

  test('nor one that falls silent', async () => {
    let count = 0
    const url = await startTalker((socket) => {
      count += 1
      if (count === 1) socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    })
    const { results, isExpiryChecked } = await run(url, { timeoutSeconds: 0.5, expiredToken: 'a.b.c' })
    expect(isExpiryChecked).toBe(false)
    expect(
      results.find(({ broken }) => broken[0] === 'skipped, because 5 requests in a row had no response')?.title,
    ).toMatch(/^the other \d+ checks$/)
  })
})
