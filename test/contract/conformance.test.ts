import { describe, expect, test } from '@jest/globals'
import { createConformance, declaredPairs } from '../../src/contract/conformance.ts'
import { readContract, resolve } from '../../src/contract/document.ts'

const contract = readContract()
const conformance = createConformance(contract)

const headers = {
  'x-request-id': '7e6b3a1c-94f0-4c6d-8d5e-3b0a2f9c1d47',
  'cache-control': 'no-store',
  vary: 'Origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'content-type': 'application/json; charset=utf-8',
  date: 'today',
}
const live = { status: 200, headers, body: '{"status":"live"}' }
const busy = {
  status: 503,
  headers: { ...headers, 'retry-after': '2' },
  body: '{"error":"temporarily_unavailable","error_description":"x","detail":"x"}',
}

describe('a response conforms', () => {
  test.each([
    ['whole', 'readLiveness', live],
    ['without a body, to HEAD', 'readLiveness', { ...live, body: undefined }],
    ['with a number as a header', 'issueToken', busy],
  ])('%s', (_what, id, given) => {
    expect(conformance(id, given)).toEqual([])
  })
})

describe('a response violates the contract with', () => {
  const fewer = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'x-frame-options'))
  test.each([
    [
      'an undeclared status',
      'readLiveness',
      { ...live, status: 201 },
      'the status 201 is not declared for readLiveness',
    ],
    [
      'an undeclared status of no operation',
      undefined,
      { ...live, status: 418 },
      'the status 418 is not declared for unmatched requests',
    ],
    ['a missing header', 'readLiveness', { ...live, headers: fewer }, 'the header X-Frame-Options is missing'],
    [
      'an undeclared header',
      'readLiveness',
      { ...live, headers: { ...headers, 'x-powered-by': 'x' } },
      'the header x-powered-by is not declared',
    ],
    [
      'another header value',
      'readLiveness',
      { ...live, headers: { ...headers, 'cache-control': 'public' } },
      'the header Cache-Control does not match its schema: it must be ["no-store"]',
    ],
    [
      'a header that is no number',
      'issueToken',
      { ...busy, headers: { ...headers, 'retry-after': 'soon' } },
      'the header Retry-After does not match its schema',
    ],
    [
      'another media type',
      'readLiveness',
      { ...live, headers: { ...headers, 'content-type': 'text/html' } },
      'the media type text/html is not declared',
    ],
    [
      'no media type',
      'readLiveness',
      { ...live, headers: { ...headers, 'content-type': undefined } },
      'the header Content-Type is missing',
    ],
    ['a body that is no JSON', 'readLiveness', { ...live, body: '<html>' }, 'the body is not JSON'],
    [
      'an undeclared member',
      'readLiveness',
      { ...live, body: '{"status":"live","more":1}' },
      'the body does not match its schema: the member /more is not declared',
    ],
    [
      'a member of another value',
      'readLiveness',
      { ...live, body: '{"status":"dead"}' },
      'the body does not match its schema: the member /status must be ["live"]',
    ],
    [
      'a missing member',
      'readLiveness',
      { ...live, body: '{}' },
      'the body does not match its schema: the member /status is missing',
    ],
    [
      'a body of another type',
      'readLiveness',
      { ...live, body: '[]' },
      'the body does not match its schema: it must be object',
    ],
    [
      'a member of another type',
      'issueToken',
      { ...busy, body: busy.body.replace('"detail":"x"', '"detail":1') },
      'the body does not match its schema: the member /detail must be string',
    ],
    ['a body where there is none', undefined, { ...live, status: 204 }, 'the contract declares no body'],
  ])('%s', (_what, id, given, violation) => {
    expect(conformance(id, given).join()).toContain(violation)
  })
})

test('the declared pairs are those of each operation, and those of none', () => {
  const pairs = declaredPairs(contract)
  expect(pairs).toEqual(expect.arrayContaining(['signup 200', 'issueToken 503', ' 404']))
  expect(new Set(pairs).size).toBe(pairs.length)
})

test('a reference to nothing is an error that names it', () => {
  expect(() => resolve(contract, { $ref: '#/components/responses/Nope' })).toThrow(
    'The contract has no #/components/responses/Nope',
  )
})
