import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import yaml from 'js-yaml'
import { commonHeaders, withCommonHeaders } from '../../scripts/generate/common-headers.mjs'
import { readContract, resolve } from '../../src/contract/document.ts'
import { operationsOf } from '../../src/contract/operations.ts'

const contract = readFileSync('openapi.yaml', 'utf8')

const linesOf = (name: string) => `            ${name}:\n              $ref: '#/components/headers/${name}'\n`
const common = commonHeaders.map(linesOf).join('')
const own = `            # When it may work again.\n            Retry-After: { schema: { type: integer } } # in seconds\n`

const contractWith = (...parts: string[]) => `# A comment.
paths:
  /x:
    parameters: []
    get:
      responses:
        default: { $ref: '#/components/responses/Other' }
        '200': # The first one.
          description: >-
            OK,
            and more.
${parts.join('')}          content: {  application/json: {} }

    # The next one has no responses.
    put: {}
components:
  headers: { ${commonHeaders.map((name) => `${name}: {}`).join(', ')} }
`

test('a contract with all headers stays as it is', () => {
  expect(withCommonHeaders(contract)).toBe(contract)
})

test.each([
  ['each header block without headers of its own', /^( +)headers:\n(\1 {2}\S+:\n\1 {4}\$ref: .*\n){11}(?=\1\S)/gm, 36],
  [
    'each common header, but not `headers:`',
    new RegExp(`^ +(${commonHeaders.join('|')}):\\n +\\$ref: .*\\n`, 'gm'),
    506,
  ],
])('%s is written again, byte for byte', (_title, block, count) => {
  const stripped = contract.replaceAll(block, '')
  expect(contract.match(block)).toHaveLength(count)
  expect(stripped.length).toBeLessThan(contract.length)
  expect(withCommonHeaders(stripped)).toBe(contract)
})

test('each response of the contract has the common headers', () => {
  const document = readContract()
  const responses = [
    ...operationsOf(document).flatMap((operation) => [...operation.responses.values()]),
    ...Object.values(document['x-unmatched-responses']).map((response) => resolve(document, response)),
  ]
  expect(responses.length).toBeGreaterThan(46)
  for (const { headers = {} } of responses)
    expect(Object.keys(headers)).toEqual(expect.arrayContaining([...commonHeaders]))
})

const headers = '          headers:\n'

test.each([
  ['no headers', [], [headers, common]],
  ['no value for its headers', [headers], [headers, common]],
  ['headers of its own', [headers, own], [headers, own, common]],
  ['headers in another order', [headers, linesOf('Vary'), own, linesOf('X-Request-Id')], [headers, own, common]],
  ['double quotes', [headers, common.replaceAll("'", '"')], [headers, common]],
])('a response with %s gets the common headers after its own', (_title, before, after) => {
  const completed = withCommonHeaders(contractWith(...before))
  expect(completed).toBe(contractWith(...after))
  expect(withCommonHeaders(completed)).toBe(completed)
  expect(() => yaml.load(completed)).not.toThrow()
})

test('a response that defines a common header in its own way keeps its definition', () => {
  const cached = "            Cache-Control:\n              $ref: '#/components/headers/Cache-Control-Public'\n"
  const others = common.replace(linesOf('Cache-Control'), '')
  expect(withCommonHeaders(contractWith(headers, cached))).toBe(contractWith(headers, cached, others))
})

test('a response at the very end gets them, too', () => {
  const responses = "x-unmatched-responses:\n        '404':\n          description: Nothing here."
  expect(withCommonHeaders(responses)).toBe(`${responses}\n${headers}${common}`)
})

test('lines end as those of the contract do', () => {
  const withCrlf = (text: string) => text.replaceAll('\n', '\r\n')
  expect(withCommonHeaders(withCrlf(contractWith(headers, own)))).toBe(withCrlf(contractWith(headers, own, common)))
})

test.each([
  ['headers in flow style', '          headers: {}\n'],
  ['a second value for a key', '          description: OK\n'],
  ['malformed YAML', '          headers: [\n'],
])('%s are refused with the line', (_title, lines) => {
  expect(() => withCommonHeaders(contractWith(lines))).toThrow(/\bline \d+/)
})

test.each(["'200': { description: OK }", "'200':\n          content: {}"])('the response %j is refused', (response) => {
  const text = `components:\n      responses:\n        ${response}\n`
  expect(() => withCommonHeaders(text)).toThrow(
    /^openapi.yaml, line [34]: write the response in block style, with a desc/,
  )
})
