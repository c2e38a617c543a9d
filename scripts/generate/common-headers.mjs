// Writes the headers that every response has into each response of openapi.yaml, so that importers find them there.
import { isMap, parseDocument } from 'yaml'

/** In the order of the document. `components.headers` of the contract defines them. */
export const commonHeaders = [
  'X-Request-Id',
  'Cache-Control',
  'Access-Control-Allow-Origin',
  'Access-Control-Expose-Headers',
  'Vary',
  'Content-Security-Policy',
  'X-Content-Type-Options',
  'X-Frame-Options',
  'Referrer-Policy',
  'Cross-Origin-Resource-Policy',
  'Strict-Transport-Security',
]

/** Adds the common headers to each response of a contract, after the response's own headers. All other lines keep their
 * text. A response may define a common header itself.
 * @throws Error if the text is not YAML, or a response is not in block style */
export const withCommonHeaders = (contract) => {
  const text = contract.endsWith('\n') ? contract : `${contract}\n`
  const document = parseDocument(text)
  if (document.errors.length > 0) throw document.errors[0]
  return listResponses(document)
    .flatMap((response) => toEdits(text, response))
    .toSorted((a, b) => b.start - a.start)
    .reduce((edited, { start, end, lines }) => edited.slice(0, start) + lines + edited.slice(end), text)
}

const listResponses = (document) => {
  const operations = valuesOf(document.get('paths')).flatMap(valuesOf).filter(isMap)
  return [
    ...operations.map((operation) => operation.get('responses')),
    document.get('x-unmatched-responses'),
    document.getIn(['components', 'responses']),
  ]
    .flatMap(valuesOf)
    .filter((response) => isMap(response) && !response.has('$ref'))
}

const valuesOf = (node) => (isMap(node) ? node.items.map(({ value }) => value) : [])

/** Moves the common headers of a response behind its own, and adds the missing ones. */
const toEdits = (text, response) => {
  refuseFlowStyle(text, response)
  const headers = findPair(response, 'headers')
  const entries = headers?.value.items ?? []
  const own = entries.filter((entry) => !isGenerated(entry))
  const common = commonHeaders.filter((name) => !own.some(({ key }) => key.value === name))
  const lines = [...(headers ? [] : ['headers:']), ...common.flatMap(toEntry)]
  const place = endOfLine(text, own.at(-1)?.value ?? headers?.key ?? findPair(response, 'description').value)
  // The removals come first, because one may start at the place of the new lines.
  return [
    ...entries.filter(isGenerated).map((entry) => toRemoval(text, entry)),
    { start: place, end: place, lines: indent(lines, columnOf(text, response), text) },
  ]
}

const toRemoval = (text, { key, value }) => ({
  start: key.range[0] - columnOf(text, key),
  end: endOfLine(text, value),
  lines: '',
})

const toEntry = (name) => [`  ${name}:`, `    $ref: '${referenceTo(name)}'`]

const indent = (lines, column, text) => {
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  return lines.map((line) => `${' '.repeat(column)}${line}${end}`).join('')
}

const findPair = (map, name) => map.items.find(({ key }) => key.value === name)

const isGenerated = ({ key, value }) =>
  commonHeaders.includes(key.value) && isMap(value) && value.get('$ref') === referenceTo(key.value)

const referenceTo = (name) => `#/components/headers/${name}`

const columnOf = (text, { range: [start] }) => start - text.lastIndexOf('\n', start) - 1

const endOfLine = (text, { range: [, end] }) => text.indexOf('\n', end - 1) + 1

const refuseFlowStyle = (text, response) => {
  const headers = findPair(response, 'headers')?.value
  if (!response.flow && !headers?.flow && findPair(response, 'description')) return
  const line = text.slice(0, response.range[0]).split('\n').length
  throw new Error(`openapi.yaml, line ${line}: write the response in block style, with a description.`)
}
