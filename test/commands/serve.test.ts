import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { contractClient, logIn, readProtected, signUp } from '../support/contract-client.ts'
import { emptyFolder, startProcess, urlOf } from '../support/process.ts'
import { openRaw } from '../support/raw.ts'

const anyPort = { PORT: '0', HOST: '127.0.0.1' }
const production = {
  ...anyPort,
  NODE_ENV: 'production',
  DATABASE_URL: 'memory:',
  SECRET_KEY: 'ab12cd34ef56gh78ij90kl12mn34op56',
}
const local = (url: string): string => url.replace('localhost', '127.0.0.1')

test('says where the service, the docs and the contract are, and in which mode it runs', async () => {
  const server = startProcess(anyPort)
  const url = await urlOf(server)
  for (const line of ['development mode', `docs      ${url}/docs`, `contract  ${url}/openapi.yaml`])
    expect(server.stderr()).toContain(line)
  server.child.kill('SIGTERM')
  expect(await server.exit).toBe(0)
})

test('logs one JSON line for each request on the standard output, and neither passwords nor tokens', async () => {
  const server = startProcess(production)
  const client = contractClient(local(await urlOf(server)))
  await signUp(client, 'licat', 'a password-canary that is long')
  const { json } = await logIn(client, 'licat', 'a password-canary that is long')
  await readProtected(client, json.access_token)
  server.child.kill('SIGTERM')
  expect(await server.exit).toBe(0)
  const lines = server
    .stdout()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.filter((line) => line.msg === 'request').map((line) => [line.method, line.route, line.status])).toEqual([
    ['POST', '/signup', 200],
    ['POST', '/token', 200],
    ['GET', '/protected', 200],
  ])
  expect(server.stdout() + server.stderr()).not.toMatch(/password-canary|Bearer/)
  expect(server.stdout()).not.toContain(json.access_token)
})

test('SIGTERM refuses readiness, finishes what is in flight, and ends with 0', async () => {
  const server = startProcess(production)
  const url = local(await urlOf(server))
  const client = contractClient(url)
  const { socket } = await openRaw(Number(new URL(url).port))
  const body = '{"username":"licat","password":"correct horse battery"}'
  socket.write(
    `POST /signup HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
  )
  // Answered after the one above was begun.
  await client({ path: '/health/live' })
  server.child.kill('SIGTERM')
  const ready = await new Promise<number>((resolve, reject) => {
    const ask = (): void =>
      void client({ path: '/health/ready' }).then(({ status }) => (status === 503 ? resolve(status) : ask()), reject)
    ask()
  })
  expect(ready).toBe(503)
  const answered = once(socket, 'data')
  socket.write(body)
  const [data] = (await answered) as [Buffer]
  expect(data.toString()).toMatch(/^HTTP\/1.1 200 OK[^]*Connection: close/)
  expect(await server.exit).toBe(0)
})

test('a second signal ends it at once', async () => {
  const server = startProcess(production)
  const { socket } = await openRaw(Number(new URL(await urlOf(server)).port))
  socket.on('error', () => undefined)
  socket.write('POST /signup HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n')
  server.child.kill('SIGTERM')
  await new Promise((resolve) => setTimeout(resolve, 100))
  const begin = Date.now()
  server.child.kill('SIGTERM')
  await server.exit
  expect(Date.now() - begin).toBeLessThan(900)
})

describe('.env', () => {
  test('is read, and does not override the environment', async () => {
    const folder = emptyFolder()
    writeFileSync(join(folder, '.env'), 'ISSUER=https://from.dotenv.example\nHOST=no.such.host.invalid\n')
    const server = startProcess(anyPort, folder)
    await server.says('as https://from.dotenv.example')
    server.child.kill('SIGTERM')
    expect(await server.exit).toBe(0)
  })
})

describe('ends with 1 and one line that names the setting and the remedy', () => {
  const other = createServer()
  let taken = 0
  beforeAll(async () => {
    other.listen(0, '127.0.0.1')
    await once(other, 'listening')
    taken = (other.address() as AddressInfo).port
  })
  afterAll(() => {
    other.close()
  })

  test.each([
    ['a port in use', () => ({ PORT: String(taken), HOST: '127.0.0.1' }), /error: PORT \d+ is in use: .*set PORT/],
    [
      'an unknown host',
      () => ({ PORT: '0', HOST: 'no-such-host.invalid' }),
      /error: HOST no-such-host.invalid is unknown: set HOST/,
    ],
    [
      'an address of another machine',
      () => ({ PORT: '0', HOST: '192.0.2.1' }),
      /error: HOST 192.0.2.1 is no address of this machine: set HOST/,
    ],
    ['a setting that is not valid', () => ({ PORT: 'eight' }), /error: PORT is not valid: use/],
  ])('%s', async (_what, environment, line) => {
    const server = startProcess(environment())
    expect(await server.exit).toBe(1)
    const errors = server
      .stderr()
      .split('\n')
      .filter((text) => text.startsWith('error'))
    expect(errors).toEqual([expect.stringMatching(line)])
    expect(server.stderr()).not.toMatch(/\bat \S+:\d+/)
  })

  test('production without settings says all that is missing at once', async () => {
    const server = startProcess({ NODE_ENV: 'production', SECRETKEY: 'x' })
    expect(await server.exit).toBe(1)
    expect(server.stderr()).toMatch(/SECRETKEY is not a setting: did you mean SECRET_KEY/)
    expect(server.stderr().match(/^error: (SECRET_KEY|DATABASE_URL) is missing/gm)).toHaveLength(2)
  })
})
