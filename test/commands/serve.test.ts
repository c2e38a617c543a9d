import { once } from 'node:events'
import { existsSync, openSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { readVersion } from '../../src/package.ts'
import { type Client, contractClient, logIn, readProtected, signUp } from '../support/contract-client.ts'
import { listen } from '../support/listen.ts'
import { emptyFolder, main, startProcess, urlOf } from '../support/process.ts'
import { openRaw } from '../support/raw.ts'
import { serveHere } from '../support/serve.ts'

const version = readVersion()
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

test('serves, and ends on SIGTERM, where its log cannot be written', async () => {
  // It may be read alone.
  const server = startProcess(anyPort, emptyFolder(), [], { stdout: openSync(main, 'r') })
  const client = contractClient(local(await urlOf(server)))
  for (let i = 0; i < 60; i += 1) expect((await client({ path: '/health/live' })).status).toBe(200)
  server.child.kill('SIGTERM')
  expect(await server.exit).toBe(0)
})

test('is no worker of ours in the cluster of another program', async () => {
  const folder = emptyFolder()
  const script = join(folder, 'cluster.mjs')
  writeFileSync(join(folder, '.env'), 'ISSUER=https://from.dotenv.example\nDATABASE_URL=sqlite:./sesame.db\n')
  writeFileSync(
    script,
    `import cluster from 'node:cluster'
cluster.setupPrimary({ exec: ${JSON.stringify(main)} })
const worker = cluster.fork()
process.once('SIGTERM', () => worker.process.kill('SIGTERM'))
worker.once('exit', (code) => process.exit(code))
`,
  )
  const server = startProcess(anyPort, folder, [], { script })
  await server.says('as https://from.dotenv.example')
  expect(existsSync(join(folder, 'sesame.db-server'))).toBe(true)
  server.child.kill('SIGTERM')
  expect(await server.exit).toBe(0)
})

test('ends on SIGTERM although nobody reads its log any more', async () => {
  const server = startProcess(anyPort)
  const client = contractClient(local(await urlOf(server)))
  server.child.stdout?.destroy()
  await client({ path: '/health/live' })
  server.child.kill('SIGTERM')
  expect(await server.exit).toBe(0)
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

test('ends with 2 where a setting is wrong, and says so without a trace', async () => {
  const server = startProcess({ PORT: 'eight' })
  expect(await server.exit).toBe(2)
  expect(server.stderr()).toMatch(/^error: PORT is not valid: use/m)
  expect(server.stderr()).not.toMatch(/\bat \S+:\d+/)
})

describe('serving within a process', () => {
  const at = (port: number): Client => contractClient(`http://127.0.0.1:${port}`)

  test('logs pretty lines on a terminal', async () => {
    const { port, stop, log } = await serveHere(anyPort, { isTTY: true })
    await at(port)({ path: '/health/live' })
    await stop({ signal: 'SIGINT' })
    expect(log()).toMatch(/INFO: request \{.*"route":"\/health\/live"/)
  })

  test('logs what it crashed of, and gives load balancers time in production', async () => {
    const { port, stop, log, printed } = await serveHere({ ...production, ISSUER: 'https://auth.example.com' })
    expect(printed[0]).toBe(`Sesame ${version} runs in production mode as https://auth.example.com.`)
    const stopped = stop({ signal: 'SIGTERM', err: new Error('boom') })
    expect((await at(port)({ path: '/health/ready' })).status).toBe(503)
    await stopped
    expect(log()).toMatch(/"msg":"crashed"[^]*"msg":"stopped"/)
  })

  test('says where the service, the docs and the contract are, and in which mode it runs', async () => {
    const { printed, stop, port } = await serveHere(anyPort)
    await stop({})
    const url = `http://127.0.0.1:${port}`
    expect(printed.slice(-4)).toEqual([
      `Sesame ${version} runs in development mode.`,
      `  service   ${url}`,
      `  docs      ${url}/docs`,
      `  contract  ${url}/openapi.yaml`,
    ])
  })

  test('names no docs page when DOCS_PAGE is off', async () => {
    const { printed, stop } = await serveHere({ ...anyPort, DOCS_PAGE: 'off' })
    await stop({})
    expect(printed.join('\n')).not.toContain('docs')
  })

  describe('does not begin with', () => {
    let taken = 0
    beforeAll(async () => {
      taken = (await listen(createServer())).port
    })

    test.each<[string, () => Record<string, string>, number, RegExp[]]>([
      [
        'settings that are not valid',
        () => ({ PORT: 'x', LOG_LEVEL: 'x' }),
        2,
        [/PORT is not valid: use/, /LOG_LEVEL/],
      ],
      [
        'a port in use',
        () => ({ PORT: String(taken), HOST: '127.0.0.1' }),
        1,
        [/PORT \d+ is in use: .*set another PORT/],
      ],
      [
        'an unknown host',
        () => ({ PORT: '0', HOST: 'no-such-host.invalid' }),
        1,
        [/HOST no-such-host.invalid is unknown: set HOST/],
      ],
      [
        'an address of another machine',
        () => ({ PORT: '0', HOST: '192.0.2.1' }),
        1,
        [/HOST 192.0.2.1 is not an address of this machine: set HOST/],
      ],
      [
        'an address of a link that it does not name',
        () => ({ PORT: '0', HOST: 'fe80::1' }),
        1,
        // Which error that is depends on the system.
        [/HOST fe80::1 .+: set/],
      ],
      [
        'a database in a folder that is not there',
        () => ({ PORT: '0', DATABASE_URL: 'sqlite:/no/such/folder/sesame.db' }),
        1,
        [/DATABASE_URL cannot be used: the folder .+ does not exist/],
      ],
      [
        'production that lacks all its settings, each of them said at once',
        () => ({ NODE_ENV: 'production', PORT: '0' }),
        2,
        [/DATABASE_URL is missing/, /SECRET_KEY is missing/],
      ],
    ])('%s, and says which and what to do', async (_what, environment, expected, problems) => {
      const { status, printed } = await serveHere(environment())
      expect(status).toBe(expected)
      const errors = printed.filter((line) => !line.startsWith('warning: '))
      expect(errors).toEqual(problems.map((problem) => expect.stringMatching(problem) as unknown))
      for (const line of errors) expect(line).toMatch(/^error: [^\n]+$/)
    })
  })

  test('warns of a name that is no setting, and names the one that is meant', async () => {
    const { printed } = await serveHere({ NODE_ENV: 'production', SECRETKEY: 'x' })
    expect(printed).toContainEqual(
      expect.stringMatching(/^warning: SECRETKEY is not a setting: did you mean SECRET_KEY/),
    )
  })
})
