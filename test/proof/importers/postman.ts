// newman runs the generated Postman collection, and the contract as Postman's own converter imports it.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import converter from 'openapi-to-postmanv2'
import { collection, type Outcome, type RunClient } from './client.ts'
import { findFaults, type ImportedRequest, readExpected } from './contract.ts'
import type { Programs } from './programs.ts'
import { type Filling, goThrough } from './walk.ts'

// The defaults of the app by its manual. The converter has another default for this option.
const importOptions = { parametersResolution: 'Example' } as const

interface Server {
  readonly url: string
}

interface Execution {
  readonly item: { readonly name: string }
  readonly response?: { readonly code: number }
  readonly assertions?: readonly { readonly error?: unknown }[]
}

/** Runs the generated collection with its environment. */
export const runCollection =
  (programs: Programs): RunClient =>
  (server) =>
    runNewman(programs, server, [
      collection('sesame.postman_collection.json'),
      ...['--environment', collection('sesame.postman_environment.json')],
    ])

/** Imports a document unchanged, and sends its requests.
 * @param readText reads the document for a server */
export const runImport =
  (programs: Programs, readText: (server: Server) => Promise<string>): RunClient =>
  async (server) => {
    const text = await readText(server)
    const expected = readExpected(text)
    const collection = await convert(text)
    const items = listItems(collection)
    const file = join(programs.home, 'imported.json')
    const outcome = await goThrough(expected, items, server, {
      nameOf: ({ name }) => name,
      queryOf: ({ request }) => request.url.query.map(({ key }: any) => key),
      dialogOf: ({ request }) => ({ scope: readOauth2(request).scope ?? '' }),
      fill,
      send: (item) => {
        writeFileSync(file, JSON.stringify({ ...collection, item }))
        return runNewman(programs, server, [file])
      },
    })
    return { ...outcome, tests: 0, failed: [...findFaults(expected, items.map(readItem)), ...outcome.failed] }
  }

const fill = ({ request, ...item }: any, { token, values, query }: Filling) => {
  const { auth, url } = request
  return {
    ...item,
    request: {
      ...request,
      auth: auth?.oauth2 ? { ...auth, oauth2: [...auth.oauth2, { key: 'accessToken', value: token }] } : auth,
      url: {
        ...url,
        query: url.query.filter(({ key }: any) => query.includes(key)),
        variable: url.variable.map((entry: any) => ({ ...entry, value: values[entry.key] ?? entry.value })),
      },
    },
  }
}

const convert = (data: string): Promise<any> =>
  new Promise((resolve, reject) => {
    converter.convertV2({ type: 'string', data }, importOptions, (error, conversion) => {
      if (error ?? !conversion?.result) reject(new Error('Postman cannot convert the contract', { cause: error }))
      else resolve(conversion.output?.[0]?.data)
    })
  })

const listItems = ({ item }: any): any[] => item.flatMap((entry: any) => (entry.item ? listItems(entry) : [entry]))

const readOauth2 = ({ auth }: any): any =>
  Object.fromEntries(auth?.oauth2?.map(({ key, value }: any) => [key, value]) ?? [])

const readItem = ({ name, request }: any): ImportedRequest => {
  const { auth, body } = request
  const oauth2 = readOauth2(request)
  const flow = oauth2.grant_type === 'password_credentials' ? 'password' : (oauth2.grant_type ?? auth?.type)
  return {
    name,
    body: body?.mode === 'raw' ? JSON.parse(body.raw) : readForm(body),
    auth: auth ? { flow, tokenUrl: oauth2.accessTokenUrl } : undefined,
  }
}

const readForm = (body: any): any =>
  body?.urlencoded && Object.fromEntries(body.urlencoded.map(({ key, value }: any) => [key, value]))

/** Runs newman. A request has failed without a response, or when one of its tests failed. Without tests, its status
 * must be 2xx. */
const runNewman = (programs: Programs, server: Server, words: readonly string[]): Outcome => {
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
  const executions: Execution[] = JSON.parse(text).run.executions
  return {
    requests: executions.length,
    tests: executions.reduce((sum, { assertions = [] }) => sum + assertions.length, 0),
    failed: executions.filter(hasFailed).map(({ item }) => item.name),
  }
}

const hasFailed = ({ response, assertions = [] }: Execution): boolean =>
  response === undefined ||
  assertions.some(({ error }) => error !== undefined) ||
  (assertions.length === 0 && Math.floor(response.code / 100) !== 2)
