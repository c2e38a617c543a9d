import { spawnSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import { asCurl } from '../../src/verify/curl.ts'
import type { Outgoing } from '../../src/verify/run/exchange.ts'

const baseUrl = new URL('https://auth.example.com/sesame/')

/** What curl is given by bash: its arguments, and the body. */
const given = (outgoing: Outgoing): { readonly args: readonly string[]; readonly body: string } => {
  // Stands for the program, and shows what it was given.
  const show = 'curl() { printf "%s\\0" "$@"; case "$*" in *@-) cat;; esac; }; '
  const { stdout, status } = spawnSync('bash', ['-c', `${show}${asCurl(baseUrl, outgoing)}`], { encoding: 'latin1' })
  expect(status).toBe(0)
  const args = stdout.split('\0')
  const at = args.indexOf('--data-binary') + 1
  const piped = args[at] === '@-'
  return { args: args.slice(0, at + 1), body: (piped ? args.slice(at + 1).join('\0') : args[at]) ?? '' }
}

const post = (body: string, headers: Outgoing['headers'] = [['Content-Type', 'text/plain']]): Outgoing => ({
  method: 'POST',
  path: '/token?a=b&c=d',
  headers,
  body: Buffer.from(body, 'latin1'),
})

// Windows has no bash for certain.
const onUnix = process.platform === 'win32' ? describe.skip : describe

onUnix('a request as curl has the body, byte for byte, with', () => {
  test.each([
    ['quotes', `{"a": "it's \\"quoted\\""}`],
    ['shell syntax', '$(ls) `ls` $HOME ! * ~ ; & |'],
    ['line breaks and a backslash', 'a\r\nb\\n\tc'],
    ['bytes that are no ASCII', '\xff\xf0\x80 caf\xc3\xa9'],
    ['a zero byte', 'a\0b%s%%\xff\'"\\'],
    ['a long run of a letter', `{"a":"${'x'.repeat(16_384)}"}`],
    ['a long run of quotes', "'".repeat(500)],
    ['nothing but a long run', 'x'.repeat(500)],
    ['nothing', ''],
  ])('%s', (_what, body) => {
    expect(given(post(body)).body).toBe(body)
  })
})

onUnix('a request as curl', () => {
  test('has the method, the address, and the headers that curl does not set itself', () => {
    const headers = [
      ['Content-Type', 'text/plain'],
      ['Authorization', 'Bearer a'],
      ['Authorization', 'Bearer b'],
      ['Host', 'b.example'],
    ] as const
    expect(given(post('x', headers)).args).toEqual([
      ...['-i', '-X', 'POST', 'https://auth.example.com/sesame/token?a=b&c=d'],
      ...headers.flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
      ...['--data-binary', 'x'],
    ])
  })

  test('names no media type where the request has none', () => {
    expect(given(post('x', [])).args).toEqual(expect.arrayContaining(['-H', 'Content-Type:']))
  })

  test('is short, however long the body', () => {
    expect(asCurl(baseUrl, post('x'.repeat(100_000))).length).toBeLessThan(200)
  })
})

test('a request to HEAD does not wait for a body', () => {
  expect(asCurl(baseUrl, { method: 'HEAD', path: '/', headers: [] })).toBe(
    "curl -i -I 'https://auth.example.com/sesame/'",
  )
})

test.each([
  ['http://localhost:8000', 'nc localhost 8000'],
  ['http://[::1]:8000', 'nc ::1 8000'],
  ['https://auth.example.com', 'openssl s_client -quiet -connect auth.example.com:443'],
])('bytes that are no HTTP are sent to %s by %s', (url, program) => {
  expect(asCurl(new URL(url), { method: 'GET', path: '/', headers: [], bytes: 'GET %\r\n' })).toBe(
    `printf 'GET %%\\r\\n' | ${program}`,
  )
})
