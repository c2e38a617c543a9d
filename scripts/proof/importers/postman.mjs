// Postman: newman runs the generated collection, and what Postman's own converter makes of the contract.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import converter from 'openapi-to-postmanv2'
import { root } from '../server.mjs'
import { findFaults, readExpected } from './contract.mjs'
import { goThrough } from './walk.mjs'

// The app's defaults, by its manual; the converter's own differ in this one.
const importOptions = { parametersResolution: 'Example' }

const fileOf = (name) => join(root, 'contract', 'collections', name)

/** Runs the generated collection with its environment. */
export const runCollection = (programs) => (server) =>
  runNewman(programs, server, [
    fileOf('sesame.postman_collection.json'),
    ...['--environment', fileOf('sesame.postman_environment.json')],
  ])

/** Imports a document as it is, and goes through it.
 * @param readText gives the document, for a server */
export const runImport = (programs, readText) => async (server) => {
  const text = await readText(server)
  const expected = readExpected(text)
  const collection = await convert(text)
  const items = listItems(collection)
  const file = join(programs.home, 'imported.json')
  const outcome = await goThrough(expected, items, server, {
    nameOf: ({ name }) => name,
    queryOf: ({ request }) => request.url.query.map(({ key }) => key),
    dialogOf: ({ request }) => ({ scope: readOauth2(request).scope ?? '' }),
    fill,
    send: (item) => {
      writeFileSync(file, JSON.stringify({ ...collection, item }))
      return runNewman(programs, server, [file])
    },
  })
  return { ...outcome, tests: 0, failed: [...findFaults(expected, items.map(readItem)), ...outcome.failed] }
}

const fill = ({ request, ...item }, { token, values, query }) => {
  const { auth, url } = request
  return {
    ...item,
    request: {
      ...request,
      auth: auth?.oauth2 ? { ...auth, oauth2: [...auth.oauth2, { key: 'accessToken', value: token }] } : auth,
      url: {
        ...url,
        query: url.query.filter(({ key }) => query.includes(key)),
        variable: url.variable.map((entry) => ({ ...entry, value: values[entry.key] ?? entry.value })),
      },
    },
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

const readOauth2 = ({ auth }) => Object.fromEntries(auth?.oauth2?.map(({ key, value }) => [key, value]) ?? [])

const readItem = ({ name, request }) => {
  const { auth, body } = request
  const oauth2 = readOauth2(request)
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
