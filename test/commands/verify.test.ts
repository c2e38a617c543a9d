import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { runCommand } from '../../src/commands/run-command.ts'
import { startFront } from '../support/faulty-front.ts'
import { startMock } from '../support/mock-service.ts'
import { emptyFolder } from '../support/process.ts'
import { type RunningService, startService } from '../support/service.ts'

let service: RunningService
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

/** Runs the command as on a terminal. */
const run = async (...words: readonly string[]) => {
  let stdout = ''
  let stderr = ''
  const terminal = { isTTY: true, columns: 60, write: (text: string) => (stderr += text) }
  const status = await runCommand(['verify', ...words], {
    environment: {},
    stdin: () => process.stdin,
    stdout: { fd: 1, write: (text) => (stdout += text) },
    stderr: terminal,
  })
  return { status, stdout, stderr }
}

describe('sesame verify', () => {
  test('passes a service with status 0, a table of answers, and the figures', async () => {
    const { status, stdout, stderr } = await run(service.url)
    expect(stdout).toMatch(/^responses +200 +204 +400 .*\nsignup +\d+ /m)
    expect(stdout).not.toContain('FAILED')
    const [, checks] = /^(\d+) checks of .*: \1 passed, 0 failed\.$/m.exec(stdout) ?? []
    expect(Number(checks)).toBeGreaterThanOrEqual(750)
    expect(stdout).toContain('Expiry not checked')
    expect(stdout).toContain('Old log-ins not checked for deleteAccount')
    const [, notProvoked = ''] = /^Not provoked, because .*: (.*)\.$/m.exec(stdout) ?? []
    expect(notProvoked.split(', ')).toContain('deleteAccount 401 (oldLogIn)')
    expect(notProvoked.split(', ').filter((pair) => !/ (408|5\d\d|401 \(oldLogIn\))$/.test(pair))).toEqual([])
    const [, signedUp] =
      /^Signed up (\d+) accounts named verify-\w{6}-\.\.\.; deleted \1 of them\.$/m.exec(stdout) ?? []
    const done = (method: string, route: string): number =>
      service.lines.filter((line) => line.method === method && line.route === route && line.status === 200).length
    expect([done('POST', '/signup'), done('DELETE', '/account')]).toEqual([Number(signedUp), Number(signedUp)])
    expect(stdout).not.toContain(' remain, because ')
    expect(status).toBe(0)
    // A bar that is drawn over itself, within the width of the terminal, and gone at the end.
    expect(stderr.split('\r\u001b[K')[1]).toMatch(/^░+ 0\/\d+ signup: /)
    expect(stderr).toMatch(/█░+ \d+\/\d+ /)
    expect(stderr.endsWith('\r\u001b[K')).toBe(true)
    for (const line of stderr.split('\r\u001b[K')) expect([...line].length).toBeLessThan(60)
  })

  test('shows each failure as curl with the broken rule, and what could not be checked, and ends with status 1', async () => {
    const front = await startFront(await startMock(), (passing) => {
      const { headers, request } = passing
      if (request.url === '/health/live') delete headers.vary
      if (request.url === '/token' && passing.status === 200) passing.status = 299
    })
    const report = join(emptyFolder(), 'junit.xml')
    const { status, stdout } = await run(front, '--behind-proxy', '--report', report)
    expect(status).toBe(1)
    expect(stdout).toContain(
      [
        'FAILED  readLiveness: no token',
        '        the header Vary is missing',
        `        curl -i -X GET '${front}/health/live'`,
      ].join('\n'),
    )
    expect(stdout).toMatch(/^times {2}broken rule\n( +\d+ {2}.*\n)* +\d+ {2}the header Vary is missing$/m)
    expect(stdout).toMatch(/^responses .* 299 /m)
    expect(stdout).toMatch(/^issueToken .* \d+! /m)
    expect(stdout).toMatch(/^FAILED {2}readProtected: a valid token\n +a required log-in failed.*\n\n/m)
    expect(stdout).toMatch(
      /^Signed up (\d+) accounts .*; deleted 0 of them\.\n\1 remain, because a required log-in .* 299: .*, and \d+ more\.$/m,
    )
    const xml = readFileSync(report, 'utf8')
    const [, tests = '', failures = ''] = /<testsuites tests="(\d+)" failures="(\d+)"/.exec(xml) ?? []
    expect(stdout).toContain(`${tests} checks of`)
    expect(stdout).toContain(`${failures} failed.`)
    expect(xml).toContain('<testsuite name="readLiveness"')
    expect(xml).toContain('a required log-in failed')
    expect(xml).toMatch(/<failure message="the header Vary is missing" type="contract">/)
  })

  test.each(['http', 'https'])('says that a server cannot be reached by %s, also in the report', async (protocol) => {
    const report = join(emptyFolder(), 'junit.xml')
    const { status, stderr } = await run(`${protocol}://127.0.0.1:1`, '--report', report)
    expect(readFileSync(report, 'utf8')).toMatch(/failures="1"[^]*cannot be verified: connect ECONNREFUSED/)
    expect(stderr).toMatch(new RegExp(`error: ${protocol}://127.0.0.1:1/ cannot be verified: .*ECONNREFUSED.*\n$`))
    expect(status).toBe(1)
  })

  test('says that the report cannot be written, before the run', async () => {
    const { status, stderr } = await run(service.url, '--report', join(emptyFolder(), 'no', 'such', 'folder.xml'))
    expect(stderr).toMatch(/^error: .*folder\.xml cannot be written: ENOENT/)
    expect(status).toBe(2)
  })

  test.each<[string, readonly string[], RegExp]>([
    ['no address', [], /^error: verify requires BASE_URL\n\nUsage: npm run sesame -- verify BASE_URL \[options\]\n/],
    ['two addresses', ['http://a', 'http://b'], /^error: unexpected argument "http:\/\/b"/],
    ['an address that is none', ['localhost:8000'], /^error: localhost:8000 is not an http or https URL/],
    ['an address with a password', ['http://user:secret@localhost'], /^error: The base URL may have a path, but no/],
    ['an address with a query', ['http://localhost?x=1'], /^error: The base URL may have a path, but no/],
    ['a timeout that is none', ['http://localhost', '--timeout', 'soon'], /^error: --timeout takes seconds/],
    ['a timeout of no time', ['http://localhost', '--timeout', '0'], /^error: --timeout takes seconds/],
    ['a timeout of more than an hour', ['http://localhost', '--timeout', '3601'], /^error: --timeout takes seconds/],
    ['an unknown option', ['http://localhost', '--nope'], /^error: Unknown option '--nope'/],
    [
      'an option without its value',
      ['http://localhost', '--report'],
      /^error: Option '--report <value>' argument missing/,
    ],
  ])('refuses %s with status 2', async (_what, words, reason) => {
    const { status, stderr } = await run(...words)
    expect(stderr).toMatch(reason)
    expect(stderr).not.toContain('secret')
    expect(status).toBe(2)
  })
})
