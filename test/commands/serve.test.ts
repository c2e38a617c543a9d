import { once } from 'node:events'
import { openSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { serve, type Stop } from '../../src/commands/serve.ts'
import { type Client, contractClient, logIn, readProtected, signUp } from '../support/contract-client.ts'
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

/** Asks until readiness is refused. */
const untilNotReady = async (client: Client): Promise<void> => {
  while ((await client({ path: '/health/ready' })).status !== 503);
}

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
  await untilNotReady(client)
  const answered = once(socket, 'data')
  socket.write(body)
  const [data] = (await answered) as [Buffer]
  expect(data.toString()).toMatch(/^HTTP\/1.1 200 OK[^]*Connection: close/)
  expect(await server.exit).toBe(0)
})

test('a second signal ends it at once, and with 1, since something was in flight', async () => {
  const server = startProcess(production)
  const url = local(await urlOf(server))
  const client = contractClient(url)
  const { socket } = await openRaw(Number(new URL(url).port))
  socket.write('POST /signup HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n')
  server.child.kill('SIGTERM')
  await untilNotReady(client)
  server.child.kill('SIGTERM')
  expect(await server.exit).toBe(1)
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

describe('serving within a process', () => {
  const begin = async (environment: Readonly<Record<string, string>>, isTTY = false) => {
    const file = join(emptyFolder(), 'log')
    const printed: string[] = []
    let url = ''
    let stop: Stop = async () => undefined
    const isServing = await serve({
      environment,
      stdout: { fd: openSync(file, 'w'), isTTY },
      print: (line) => printed.push(line),
      onServing: (port, given) => {
        url = `http://127.0.0.1:${port}`
        stop = given
      },
    })
    return { isServing, printed, client: contractClient(url), stop, log: () => readFileSync(file, 'utf8') }
  }

  test('logs pretty lines on a terminal', async () => {
    const { client, stop, log } = await begin(anyPort, true)
    await client({ path: '/health/live' })
    await stop({ signal: 'SIGINT' })
    expect(log()).toMatch(/INFO: request \{.*"route":"\/health\/live"/)
  })

  test('logs what it crashed of, and gives load balancers time in production', async () => {
    const { client, stop, log, printed } = await begin({ ...production, ISSUER: 'https://auth.example.com' })
    expect(printed[0]).toBe('Sesame runs in production mode as https://auth.example.com.')
    const stopped = stop({ signal: 'SIGTERM', err: new Error('boom') })
    expect((await client({ path: '/health/ready' })).status).toBe(503)
    await stopped
    expect(log()).toMatch(/"msg":"crashed"[^]*"msg":"stopped"/)
  })

  test.each<[Record<string, string>, RegExp[]]>([
    [{ PORT: 'x', LOG_LEVEL: 'x' }, [/^error: PORT/, /^error: LOG_LEVEL/]],
    [{ HOST: 'no-such-host.invalid' }, [/^warning/, /^error: HOST no-such-host.invalid is unknown/]],
    [{ HOST: '192.0.2.1' }, [/^warning/, /^error: HOST 192.0.2.1 is no address of this machine/]],
  ])('does not begin with %j, and says why', async (environment, lines) => {
    const { isServing, printed } = await begin(environment)
    expect(isServing).toBe(false)
    expect(printed).toEqual(lines.map((line) => expect.stringMatching(line) as unknown))
  })
})
