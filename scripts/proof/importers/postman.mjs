// Postman: newman runs the generated collection, and what Postman's own converter makes of the contract.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import converter from 'openapi-to-postmanv2'
import { root } from '../server.mjs'
import { fetchToken, findFaults, readExpected } from './contract.mjs'

// The app's defaults, by its manual; the converter's own differ in this one.
const importOptions = { parametersResolution: 'Example' }

const artefact = (name) => join(root, 'artefacts', name)

/** Runs the generated collection with its environment. */
export const runCollection = (programs) => (server) =>
  runNewman(programs, server, [
    artefact('sesame.postman_collection.json'),
    ...['--environment', artefact('sesame.postman_environment.json')],
  ])

/** Imports a document as it is, and runs it with nothing set but the base URL and the credentials.
 * @param readText gives the document, for a server */
export const runImport = (programs, readText) => async (server) => {
  const text = await readText(server)
  const expected = readExpected(text)
  const collection = await convert(text)
  const items = listItems(collection)
  const faults = findFaults(expected, items.map(readItem))
  const file = join(programs.home, 'imported.json')
  const run = (selected) => {
    writeFileSync(file, JSON.stringify({ ...collection, item: selected }))
    return runNewman(programs, server, [file])
  }

  // Someone signs up, gets a token in the dialog, and sends the rest.
  const isFirst = ({ name }) => name === expected.requests[0].name
  const first = run(items.filter(isFirst))
  const token = await fetchToken(expected, server)
  for (const { request } of items) request.auth?.oauth2?.push({ key: 'accessToken', value: token })
  const rest = run(items.filter((item) => !isFirst(item)))
  return {
    requests: first.requests + rest.requests,
    tests: 0,
    failed: [...faults, ...first.failed, ...rest.failed],
  }
}

const convert = (data) =>
  new Promise((resolve, reject) => {
    converter.convertV2({ type: 'string', data }, importOptions, (error, conversion) => {
      if (error || !conversion.result) reject(error ?? new Error(conversion.reason))
      else resolve(conversion.output[0].data)
    })
  })

const listItems = ({ item }) => item.flatMap((entry) => (entry.item ? listItems(entry) : [entry]))

const readItem = ({ name, request: { auth, body } }) => {
  const oauth2 = Object.fromEntries(auth?.oauth2?.map(({ key, value }) => [key, value]) ?? [])
  const flow = oauth2.grant_type === 'password_credentials' ? 'password' : (oauth2.grant_type ?? auth?.type)
  return {
    name,
    body: body?.mode === 'raw' ? JSON.parse(body.raw) : readForm(body),
    auth: auth ? { flow, tokenUrl: oauth2.accessTokenUrl } : undefined,
  }
}

const readForm = (body) => body?.urlencoded && Object.fromEntries(body.urlencoded.map(({ key, value }) => [key, value]))

/** A request has failed that was not answered, or by which a test failed; where it has no tests, any status but 2xx. */
const runNewman = (programs, server, words) => {
  const report = join(programs.home, 'newman.json')
  writeFileSync(report, '')
  const reporter = ['--reporters', 'json', '--reporter-json-export', report]
  const { stderr } = programs.run('newman', 'newman', [
    'run',
    ...words,
    '--env-var',
    `baseUrl=${server.url}`,
    ...reporter,
  ])
  const text = readFileSync(report, 'utf8')
  if (text === '') throw new Error(`newman has not reported:\n${stderr}`)
  const { executions } = JSON.parse(text).run
  return {
    requests: executions.length,
    tests: executions.reduce((sum, { assertions = [] }) => sum + assertions.length, 0),
    failed: executions.filter(hasFailed).map(({ item }) => item.name),
  }
}

const hasFailed = ({ response, assertions = [] }) =>
  response === undefined ||
  assertions.some(({ error }) => error !== undefined) ||
  (assertions.length === 0 && Math.floor(response.code / 100) !== 2)
