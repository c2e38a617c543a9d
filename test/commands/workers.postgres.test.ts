import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Client, contractClient, logIn, readProtected, signUp } from '../support/contract-client.ts'
import { listen } from '../support/listen.ts'
import { emptyFolder, type ServerProcess, startProcess, urlOf } from '../support/process.ts'
import { openRaw } from '../support/raw.ts'
import { createTestPostgres } from '../support/stores.ts'

let database: Awaited<ReturnType<typeof createTestPostgres>>
beforeAll(async () => {
  database = await createTestPostgres()
})
afterAll(() => database.remove())

const settings = (): Record<string, string> => ({
  PORT: '0',
  HOST: '127.0.0.1',
  WORKERS: '2',
  DATABASE_URL: database.url,
})

interface Started extends ServerProcess {
  readonly url: string
  /** Each request on a connection of its own, which go to the workers in turn. */
  readonly client: Client
}

const start = async (more: Readonly<Record<string, string>> = {}, folder?: string): Promise<Started> => {
  const server = startProcess({ ...settings(), ...more }, folder)
  const url = await urlOf(server)
  return { ...server, url, client: contractClient(url) }
}

const linesOf = ({ stdout }: ServerProcess): readonly Readonly<Record<string, unknown>>[] =>
  stdout()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)

/** The workers that have answered a request by now. */
const pidsOf = (server: ServerProcess): Set<number> =>
  new Set(
    linesOf(server)
      .filter(({ msg }) => msg === 'request')
      .map(({ pid }) => pid as number),
  )

/** Asks until so many workers have logged a request. */
const untilAnsweredBy = async (server: Started, count: number, except: readonly number[] = []): Promise<number[]> => {
  for (;;) {
    await server.client({ path: '/health/live' })
    const pids = [...pidsOf(server)].filter((pid) => !except.includes(pid))
    if (pids.length >= count) return pids
  }
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const stop = async ({ child, exit }: ServerProcess): Promise<number | null> => {
  child.kill('SIGTERM')
  return exit
}

/** What makes each process of a server run a module first. */
const preload = (folder: string, source: string): { readonly NODE_OPTIONS: string } => {
  const script = join(folder, 'preload.mjs')
  writeFileSync(script, `import cluster from 'node:cluster'\n${source}`)
  return { NODE_OPTIONS: `--import ${pathToFileURL(script).href}` }
}

/** A module that ends each worker at its start, with the status 7, while there is a file `broken`. */
const breakable = (more = '') => {
  const folder = emptyFolder()
  const broken = join(folder, 'broken')
  const source = `import { existsSync } from 'node:fs'
if (cluster.isWorker && existsSync(${JSON.stringify(broken)})) process.exit(7)
${more}`
  return { folder, broken, ...preload(folder, source) }
}

/** Makes a worker log when its process was started and, at SIGWINCH, one line that no pipe takes at once. The supervisor
 * takes itself for an hour old. */
const talkative = `
if (cluster.isPrimary) {
  const now = performance.now.bind(performance)
  performance.now = () => now() + 3_600_000
}
if (cluster.isWorker) {
  const log = (entry) => process.stdout.write(JSON.stringify({ pid: process.pid, ...entry }) + '\\n')
  log({ msg: 'started', startedAt: performance.timeOrigin })
  process.once('SIGWINCH', () => log({ msg: 'long', text: 'x'.repeat(300_000), end: true }))
}
`

/** Ends one worker and then the other, while none can be started. */
const endLast = async () => {
  const { folder, broken, NODE_OPTIONS } = breakable()
  const server = await start({ NODE_OPTIONS }, folder)
  const [first = 0, second = 0] = await untilAnsweredBy(server, 2)
  writeFileSync(broken, '')
  process.kill(first, 'SIGKILL')
  const starts = () => linesOf(server).filter(({ code }) => code === 7).length
  while (starts() < 5) await delay(20)
  const { status } = await server.client({ path: '/health/ready' })
  process.kill(second, 'SIGKILL')
  return { statusWhileOneIsLeft: status, exit: await server.exit, stdout: server.stdout() }
}

// Most of it are the pauses between the starts: begun before all other tests, and judged after them.
let endOfLast: ReturnType<typeof endLast>
beforeAll(() => {
  endOfLast = endLast()
  endOfLast.catch(() => undefined)
})

describe('two workers', () => {
  let server: Started
  beforeAll(async () => {
    const folder = emptyFolder()
    server = await start({ SECRETKEY: 'x', ...preload(folder, talkative) }, folder)
  })

  test('serve one port, with one log, and each thing that a person reads once', async () => {
    const pids = await untilAnsweredBy(server, 2)
    expect(pids).not.toContain(server.child.pid)
    // Each of them is JSON by itself, or this throws.
    expect(linesOf(server).every(({ pid }) => typeof pid === 'number')).toBe(true)
    for (const once of ['SECRETKEY is not a setting', 'Development mode', 'with 2 workers', 'contract  '])
      expect(server.stderr().split(once)).toHaveLength(2)
  })

  test('sign with one key, also where none is set', async () => {
    await signUp(server.client, 'licat', '1234')
    const { json } = await logIn(server.client, 'licat', '1234')
    const answers = []
    for (let i = 0; i < 8; i += 1) answers.push((await readProtected(server.client, json.access_token)).status)
    expect(new Set(answers)).toEqual(new Set([200]))
    const logged = () => linesOf(server).filter(({ route }) => route === '/protected')
    while (logged().length < 8) await delay(20)
    expect(new Set(logged().map(({ pid }) => pid)).size).toBe(2)
  })

  test('pass on a log line as one line, also where it comes in several chunks', async () => {
    const [pid = 0] = await untilAnsweredBy(server, 2)
    process.kill(pid, 'SIGWINCH')
    await server.says('"end":true}\n')
    const long = linesOf(server).filter(({ msg }) => msg === 'long')
    expect(long).toEqual([{ pid, msg: 'long', text: 'x'.repeat(300_000), end: true }])
  })

  test('one of which is killed under load are two again, and nobody waits for its answer', async () => {
    const [victim = 0] = await untilAnsweredBy(server, 2)
    let isOver = false
    const outcomes = new Map<string | number, number>()
    const ask = async (): Promise<void> => {
      while (!isOver) {
        const outcome = await server.client({ path: '/health/ready' }).then(
          ({ status }) => status,
          (error: unknown) => String((error as NodeJS.ErrnoException).code),
        )
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      }
    }
    const askers = Array.from({ length: 16 }, ask)
    await delay(200)
    const before = [...pidsOf(server)]
    process.kill(victim, 'SIGKILL')
    while ([...pidsOf(server)].every((pid) => before.includes(pid))) await delay(20)
    isOver = true
    await Promise.all(askers)
    expect([...outcomes.keys()].filter((outcome) => outcome !== 200 && outcome !== 'ECONNRESET')).toEqual([])
    expect(outcomes.get('ECONNRESET') ?? 0).toBeLessThanOrEqual(16)
    expect(linesOf(server)).toContainEqual(
      expect.objectContaining({ level: 50, msg: 'a worker has ended', worker: victim, signal: 'SIGKILL' }),
    )
  })

  test('replace a worker after a pause where two have ended soon after their start', async () => {
    const starts = () => linesOf(server).filter(({ msg }) => msg === 'started')
    /** Kills the newest worker once it serves. Resolves to how many milliseconds pass until its successor starts. */
    const killNewest = async (): Promise<number> => {
      const newest = Number(starts().at(-1)?.pid)
      while (!pidsOf(server).has(newest)) await server.client({ path: '/health/live' })
      process.kill(newest, 'SIGKILL')
      while (starts().at(-1)?.pid === newest) await delay(20)
      const ended = linesOf(server).find(({ worker }) => worker === newest)
      return Number(starts().at(-1)?.startedAt) - Number(ended?.time)
    }
    await killNewest()
    expect(await killNewest()).toBeGreaterThanOrEqual(200)
    expect(await stop(server)).toBe(0)
  })
})

test('go on where nobody reads the log any more, and end on SIGTERM', async () => {
  const server = await start()
  server.child.stdout?.destroy()
  for (let i = 0; i < 60; i += 1) expect((await server.client({ path: '/health/live' })).status).toBe(200)
  expect(await stop(server)).toBe(0)
})

test('workers end with a primary that was killed', async () => {
  const server = await start()
  const pids = await untilAnsweredBy(server, 2)
  server.child.kill('SIGKILL')
  await server.exit
  while (pids.some(isAlive)) await delay(20)
})

test('SIGTERM drains all of them; one that is sent to a worker is for the primary', async () => {
  const production = {
    NODE_ENV: 'production',
    ISSUER: 'https://auth.example.com',
    SECRET_KEY: 'ab12cd34ef56gh78ij90kl12mn34op56',
    MIGRATE_ON_START: 'true',
  }
  const server = await start(production)
  const pids = await untilAnsweredBy(server, 2)
  const body = (n: number): string => `{"username":"in-flight-${n}","password":"correct horse battery"}`
  const begun = await Promise.all(
    [0, 1, 2, 3].map(async (n) => {
      const { socket } = await openRaw(Number(new URL(server.url).port))
      const head = `POST /signup HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body(n).length}\r\n\r\n`
      socket.write(head)
      return { socket, body: body(n) }
    }),
  )
  await untilAnsweredBy(server, 2)
  for (const pid of pids) process.kill(pid, 'SIGTERM')
  expect((await server.client({ path: '/health/ready' })).status).toBe(200)
  server.child.kill('SIGTERM')
  while ((await server.client({ path: '/health/ready' })).status !== 503);
  const answers = begun.map(async ({ socket, body: text }) => {
    const answered = once(socket, 'data')
    socket.write(text)
    return String((await answered)[0])
  })
  for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^HTTP\/1.1 200 OK[^]*Connection: close/)
  expect(await server.exit).toBe(0)
  expect(
    linesOf(server)
      .filter(({ msg }) => msg === 'stopped')
      .map(({ pid }) => pid),
  ).toEqual(expect.arrayContaining(pids))
})

test('gives up where no worker comes to serve; on a terminal, each log line names its process', async () => {
  const { folder, broken, NODE_OPTIONS } = breakable('process.stdout.isTTY = true')
  writeFileSync(broken, '')
  const server = startProcess({ ...settings(), NODE_OPTIONS }, folder)
  expect(await server.exit).toBe(1)
  expect(server.stderr()).toMatch(/^error: No worker is left: the last 5 ended before they served \(7\)\.$/m)
  const ends = server.stdout().match(/^.*a worker has ended.*$/gm) ?? []
  expect(ends.length).toBeGreaterThanOrEqual(5)
  expect(ends.length).toBeLessThanOrEqual(10)
  for (const line of ends) expect(line).toContain(`(${server.child.pid})`)
})

test('a port in use is said once', async () => {
  const other = await listen(createServer())
  const server = startProcess({ ...settings(), PORT: String(other.port) })
  expect(await server.exit).toBe(1)
  expect(server.stderr().match(/^error: PORT \d+ is in use/gm)).toHaveLength(1)
})

test('gives up where the last worker is gone and no other comes to serve; goes on while one is left', async () => {
  const { statusWhileOneIsLeft, exit, stdout } = await endOfLast
  expect(statusWhileOneIsLeft).toBe(200)
  expect(exit).toBe(1)
  expect(stdout).toMatch(/"msg":"crashed"/)
})
