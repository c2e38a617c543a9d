import { describe, expect, test } from '@jest/globals'
import { openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createLogger, openLog, type RequestEntry } from '../src/log.ts'
import { contractClient } from './support/contract-client.ts'
import { emptyFolder, startProcess, urlOf } from './support/process.ts'

describe('the line of a request', () => {
  const entry: RequestEntry = {
    id: '0f8fad5b-d9cb-469f-a165-70867728950e',
    method: 'GET',
    route: '/sessions/{session_id}',
    status: 200,
    milliseconds: 12.3456,
    caller: 'licat',
  }

  /** What a log of this level has written, without the time. */
  const written = (level: 'info' | 'warn', write: (log: ReturnType<typeof createLogger>) => void): string => {
    let text = ''
    write(createLogger(level, { write: (line) => (text += line) }))
    return text.replace(/"time":\d+/, '"time":0')
  }

  test.each<[what: string, changes: Partial<RequestEntry>]>([
    ['an operation', {}],
    ['no route and no caller', { route: undefined, caller: undefined }],
    ['a name with quotes, a backslash and a line break', { caller: '"\\\n\u2028' }],
    ['a time without a fraction', { milliseconds: 3 }],
    ['a time that rounds to nothing', { milliseconds: 0.001 }],
  ])('is the one that pino would write, with %s', (_what, changes) => {
    const { id, method, route, status, milliseconds, caller } = { ...entry, ...changes }
    const ms = Math.round(milliseconds * 100) / 100
    expect(written('info', (log) => log.request({ ...entry, ...changes }))).toBe(
      written('info', (log) => log.info({ id, method, route, status, ms, caller }, 'request')),
    )
  })

  test('is left out above the level info', () => {
    expect(written('warn', (log) => log.request(entry))).toBe('')
  })
})

describe('the line of each completed request is written before the process ends', () => {
  const count = 200
  const idsOf = (stdout: string): readonly string[] =>
    stdout
      .split('\n')
      .filter((line) => line.includes('"msg":"request"'))
      .map((line) => (JSON.parse(line) as { id: string }).id)

  const folder = emptyFolder()
  // Loaded into the server: it crashes when it is told to.
  const crashing = join(folder, 'crashing.mjs')
  writeFileSync(crashing, "process.once('SIGUSR2', () => { throw new Error('boom') })\n")

  test.each<[how: string, signal: NodeJS.Signals]>([
    ['by SIGTERM', 'SIGTERM'],
    ['by a crash', 'SIGUSR2'],
  ])('%s', async (_how, signal) => {
    const options = { NODE_OPTIONS: `--import=${pathToFileURL(crashing).href}` }
    const server = startProcess({ HOST: '127.0.0.1', PORT: '0', ...options })
    const client = contractClient(await urlOf(server))
    const ids: string[] = []
    for (let i = 0; i < count; i += 20) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => client({ path: '/health/live' })))
      ids.push(...answers.map(({ headers }) => String(headers['x-request-id'])))
    }
    server.child.kill(signal)
    await server.exit
    expect([...idsOf(server.stdout())].sort()).toEqual(ids.sort())
  })
})

test('a flush writes every line, also those logged while an earlier one is being written', async () => {
  const file = join(emptyFolder(), 'log')
  const { logger, flush } = await openLog({ level: 'info', isTTY: false, fd: openSync(file, 'w') })
  // SonicBoom begins to write when it has 16 kB.
  logger.info('x'.repeat(20_000))
  logger.info('last')
  await flush()
  expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(2)
})
