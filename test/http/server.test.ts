import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openServer } from '../../src/http/server.ts'
import { contractClient, expectDeclared, logIn, send } from '../support/contract-client.ts'
import { addQuickAccount, quickPassword } from '../support/quick-account.ts'
import { startProcess, urlOf } from '../support/process.ts'
import { openRaw, parseAnswer, type RawConnection, sendRaw } from '../support/raw.ts'
import { type RunningService, startService } from '../support/service.ts'

let service: RunningService
// It has 10 s for its headers, and is begun before all other tests and judged after them.
let slow: RawConnection
beforeAll(async () => {
  service = await startService()
  slow = await openRaw(service.port)
  slow.socket.write('GET / HTTP/1.1\r\n')
})
afterAll(() => service.stop())

const unreadable: Readonly<Record<string, readonly [status: number, bytes: string]>> = {
  'no HTTP': [400, 'hello\r\n\r\n'],
  'a method that HTTP does not know': [400, 'FROB / HTTP/1.1\r\nHost: a\r\n\r\n'],
  'a header without a colon': [400, 'GET / HTTP/1.1\r\nHost: a\r\nfrob\r\n\r\n'],
  'two different lengths': [400, 'POST /signup HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
  'a length and chunks': [
    400,
    'POST /signup HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
  ],
  'headers over 16 KiB': [431, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
  'a path over 16 KiB': [431, `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`],
}

describe('what the parser refuses is answered as declared', () => {
  test.each(Object.entries(unreadable))('%s', async (_name, [status, bytes]) => {
    const received = await sendRaw(service.port, bytes)
    expect(received.status).toBe(status)
    expectDeclared(undefined, received)
    expect(service.lines.at(-1)).toMatchObject({ id: received.headers['x-request-id'], status })
  })
})

test('the answer 431 reaches a client that reads only after it has sent all', async () => {
  const { socket, answer } = await openRaw(service.port)
  socket.pause()
  const line = `X-Filler: ${'x'.repeat(1000)}\r\n`
  await new Promise<void>((resolve, reject) => {
    const sendMore = (left: number): void => {
      if (left === 0) resolve()
      else socket.write(line, (error) => (error ? reject(error) : sendMore(left - 1)))
    }
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n', () => sendMore(3000))
  })
  socket.resume()
  const received = parseAnswer(await answer)
  expect(received.status).toBe(431)
  expectDeclared(undefined, received)
  socket.destroy()
})

test('a refused client that goes on sending is cut off', async () => {
  const socket = connect({ port: service.port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => undefined).resume()
  const isOver = new Promise((resolve) => socket.once('close', resolve))
  const sending = setInterval(() => socket.write('x'), 50)
  socket.write('hello\r\n\r\n')
  const patience = setTimeout(() => socket.destroy(new Error('It was never cut off')), 10_000)
  await isOver
  clearInterval(sending)
  clearTimeout(patience)
  expect(socket.errored).toMatchObject({ code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/) })
})

test('the answer 413 reaches a client that is still sending', async () => {
  const { socket } = await openRaw(service.port)
  socket.write(`POST /signup HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 3000000\r\n\r\n`)
  const answered = once(socket, 'data')
  const sendMore = (left: number): void => {
    if (left > 0) socket.write('x'.repeat(1000), () => sendMore(left - 1))
  }
  sendMore(3000)
  const [data] = (await answered) as [Buffer]
  expect(parseAnswer(data.toString('utf8')).status).toBe(413)
  socket.destroy()
})

test('a client that resets its connection within its headers has sent no request', async () => {
  const { socket } = await openRaw(service.port)
  const before = service.lines.length
  socket.write('POST /signup HTTP/1.1\r\nHost: a\r\n')
  // Answered after the one above was begun.
  expect((await send(service.url, { path: '/health/live' })).status).toBe(200)
  socket.resetAndDestroy()
  expect((await send(service.url, { path: '/health/live' })).status).toBe(200)
  expect(service.lines.slice(before).map(({ route, level }) => [route, level])).toEqual([
    ['/health/live', 30],
    ['/health/live', 30],
  ])
})

test('garbage after a request does not take the place of its answer', async () => {
  const { socket, answer } = await openRaw(service.port)
  const body = '{"username":"pipelined","password":"1234"}'
  socket.write(
    `POST /signup HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}\x00garbage\r\n\r\n`,
  )
  expect(await answer).toMatch(/^HTTP\/1.1 200 OK[^]*User created successfully"}$/)
})

describe('a body that turns out not to be HTTP is refused at once', () => {
  const json = 'application/json'
  const form = 'multipart/form-data; boundary=b'
  const part = '--b\r\nContent-Disposition: form-data; name="username"\r\n\r\nlicat\r\n--b--\r\n'
  const chunks = {
    'by a chunk without a length': `x\r\n${part}\r\n`,
    'by a forbidden trailer': `${part.length.toString(16)}\r\n${part}\r\n0\r\nContent-Length: 5\r\n\r\n`,
  }
  const requests: [operationId: string, request: string, type: string, more: string][] = [
    ['signup', 'POST /signup', json, ''],
    ['signup', 'POST /signup', json, 'Origin: http://localhost:3000\r\n'],
    ['issueToken', 'POST /token', 'application/x-www-form-urlencoded', ''],
    ['issueToken', 'POST /token', form, ''],
    ['changePassword', 'PUT /account/password', json, 'Authorization: Bearer TOKEN\r\n'],
  ]
  const rows = requests.flatMap((row) => Object.entries(chunks).map((how) => [...row, ...how] as const))
  test.each(rows)('%s: %s %s %s%s', async (operationId, request, type, more, _how, body) => {
    await addQuickAccount(service, 'broken').catch(() => undefined)
    const { json: tokens } = await logIn(contractClient(service.url), 'broken', quickPassword)
    const headers = `Host: a\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n${more}`
    const received = await sendRaw(
      service.port,
      `${request} HTTP/1.1\r\n${headers.replace('TOKEN', tokens.access_token)}\r\n${body}`,
    )
    expect([received.status, received.json.detail]).toEqual([400, 'The request body is malformed'])
    expectDeclared(operationId, received)
  })
})

test('an expectation other than 100-continue is answered 417', async () => {
  const received = await send(service.url, { path: '/protected', headers: { expect: 'a-miracle' } })
  expect(received.status).toBe(417)
  expectDeclared(undefined, received)
})

test('100-continue is honoured', async () => {
  const { socket } = await openRaw(service.port)
  socket.write(
    'POST /signup HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n',
  )
  const [continued] = (await once(socket, 'data')) as [Buffer]
  expect(continued.toString()).toMatch(/^HTTP\/1.1 100/)
  const answered = once(socket, 'data')
  socket.write('{}')
  const [final] = (await answered) as [Buffer]
  expect(final.toString()).toMatch(/^HTTP\/1.1 422/)
  socket.destroy()
})

test('a request that comes before the service is put together waits for it', async () => {
  const server = await openServer({ host: '127.0.0.1', port: 0 })
  const early = send(`http://127.0.0.1:${server.port}`, { path: '/early' })
  server.serve({
    callback: (_request, response) => response.end('served'),
    headers: [],
    uuid: () => '',
    onParserError: () => undefined,
  })
  expect((await early).text).toBe('served')
  await server.close(0)
})

test('localhost is served on every address that it has', async () => {
  const both = await startService({ environment: { HOST: 'localhost' } })
  for (const host of ['127.0.0.1', '[::1]']) {
    expect((await send(`http://${host}:${both.port}`, { path: '/health/live' })).status).toBe(200)
  }
  await both.stop()
})

test('a port that is in use is an error with its code', async () => {
  await expect(openServer({ host: '127.0.0.1', port: service.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

test('a port that is in use on one address of localhost stays free on the other', async () => {
  const both = await openServer({ host: 'localhost', port: 0 })
  await both.close(0)
  const { port } = both
  const taken = await openServer({ host: '::1', port })
  await expect(openServer({ host: 'localhost', port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  const free = await openServer({ host: '127.0.0.1', port })
  await Promise.all([free, taken].map((server) => server.close(0)))
})

test('an address that the machine does not have is an error with its code', async () => {
  await expect(openServer({ host: '192.0.2.1', port: 0 })).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' })
})

describe('while draining', () => {
  const restOfSignUp = '{"username":"licat","password":"1234"}'
  const startOfSignUp = `POST /signup HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${restOfSignUp.length}\r\n\r\n`

  test('readiness is refused, requests in flight finish, and every answer closes its connection', async () => {
    const draining = await startService()
    const client = contractClient(draining.url)
    const inFlight = client({
      method: 'POST',
      path: '/signup',
      headers: { 'content-type': 'application/json' },
      body: '{"username":"licat","password":"1234"}',
    })
    draining.startDraining()
    const ready = await client({ path: '/health/ready' })
    expect(ready.status).toBe(503)
    expect(ready.headers.connection).toBe('close')
    expect((await client({ path: '/health/live' })).status).toBe(200)
    const stopped = draining.stop(5000)
    expect((await inFlight).status).toBe(200)
    await stopped
  })

  test('the end waits for a body that comes after the port was closed', async () => {
    const draining = await startService()
    const { socket, answer } = await openRaw(draining.port)
    socket.write(startOfSignUp)
    // Answered after the one above was begun.
    await send(draining.url, { path: '/health/live' })
    draining.startDraining()
    let hasStopped = false
    const stopped = draining.stop(60_000).then(() => (hasStopped = true))
    await expect(send(draining.url, { path: '/health/live' })).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect(hasStopped).toBe(false)
    socket.write(restOfSignUp)
    expect(await answer).toMatch(/^HTTP\/1.1 200 OK/)
    await stopped
  })

  test('a process that gets SIGTERM waits for it, too', async () => {
    const { child, exit, ...server } = startProcess({ HOST: '127.0.0.1', PORT: '0' })
    const url = await urlOf({ child, exit, ...server })
    const { socket, answer } = await openRaw(Number(new URL(url).port))
    socket.write(startOfSignUp)
    await send(url, { path: '/health/live' })
    child.kill('SIGTERM')
    const isRefused = (): Promise<boolean> =>
      send(url, { path: '/health/live' }).then(
        () => false,
        () => true,
      )
    while (!(await isRefused()));
    socket.write(restOfSignUp)
    expect(await answer).toMatch(/^HTTP\/1.1 200 OK/)
    expect(await exit).toBe(0)
  })

  test('a connection that never said anything does not hold up the end', async () => {
    const draining = await startService()
    const { socket } = await openRaw(draining.port)
    const closed = once(socket, 'close')
    await draining.stop(60_000)
    await closed
  })

  test('a connection that stays open is cut off after the grace', async () => {
    const draining = await startService()
    const { socket } = await openRaw(draining.port)
    socket.write('POST /signup HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n')
    // A reset counts, too.
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.on('error', () => undefined)
    await draining.stop(50)
    await closed
  })
})

test('a client too slow with its headers is answered 408', async () => {
  const received = parseAnswer(await slow.answer)
  expect(received.status).toBe(408)
  expectDeclared(undefined, received)
})
