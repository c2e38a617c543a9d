// The command line of Thunder Client has the importer of the extension, and runs what it has imported. This needs no
// licence.
import { emptyFolder, root } from '../../support/process.ts'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { collection as fileOf, type Outcome, type RunClient } from './client.ts'
import { findFaults, type ImportedRequest, readExpected } from './contract.ts'
import type { Programs } from './programs.ts'
import { type Filling, goThrough } from './walk.ts'

const packageName = '@thunderclient/cli'
const collectionId = '00000000-0000-4000-8000-000000000001'
const environmentId = '00000000-0000-4000-8000-000000000002'

interface Server {
  readonly url: string
}

interface Answered {
  readonly name: string
  readonly resCode: number
  readonly total: number
  readonly passed: number
}

/** Imports the generated collection and its environment, and runs them. */
export const runCollection =
  (programs: Programs): RunClient =>
  (server) => {
    const collection = importFile(programs, '--import-col', fileOf('thunder-collection_sesame.json'))
    const { variables } = importFile(programs, '--import-env', fileOf('thunder-environment_sesame.json'))
    const workspace = createWorkspace(collection, variables)
    return workspace.run(programs, server, ['--col', collectionId])
  }

/** Imports the contract unchanged, and sends its requests. */
export const runImport =
  (programs: Programs): RunClient =>
  async (server) => {
    const file = join(root, 'openapi.yaml')
    const expected = readExpected(readFileSync(file, 'utf8'))
    const collection = importFile(programs, '--import-col', file)
    const variables = Object.entries({ baseUrl: '', ...expected.credentials }).map(([name, value]) => ({ name, value }))
    const outcome = await goThrough(expected, collection.requests, server, {
      nameOf: ({ name }) => name,
      queryOf: ({ params }) => (params ?? []).filter(({ isPath }: any) => !isPath).map(({ name }: any) => name),
      dialogOf: ({ auth: { oauth2 } }) => ({
        client_id: oauth2.clientId,
        client_secret: oauth2.clientSecret,
        scope: oauth2.scope ?? '',
      }),
      fill,
      send: (requests) => {
        const workspace = createWorkspace({ ...collection, requests }, variables)
        workspace.keepTokens(programs)
        return workspace.run(programs, server, ['--col', collectionId])
      },
    })
    const faults = findFaults(expected, collection.requests.map(readRequest))
    return { ...outcome, tests: 0, failed: [...faults, ...outcome.failed] }
  }

const fill = ({ url, params = [], ...request }: any, { token, values, query }: Filling) => {
  const sent = params.filter(({ name, isPath }: any) => isPath || query.includes(name))
  const pairs = sent.filter(({ isPath }: any) => !isPath).map(({ name, value }: any) => `${name}=${value}`)
  return {
    ...request,
    token,
    url: [url.split('?')[0], pairs.join('&')].filter((part) => part !== '').join('?'),
    params: sent.map((param: any) => ({ ...param, value: values[param.name] ?? param.value })),
  }
}

const importFile = (programs: Programs, option: string, file: string): any => {
  const { stdout, stderr } = programs.run(packageName, 'tc', [option, file])
  const { error, errorMsg, importedFilePath } = JSON.parse(stdout || JSON.stringify({ error: true, errorMsg: stderr }))
  if (error) throw new Error(`Thunder Client has not imported ${file}: ${errorMsg}`)
  return JSON.parse(readFileSync(importedFilePath, 'utf8'))[0]
}

const readRequest = ({ name, body, auth }: any): ImportedRequest => ({
  name,
  body: body?.raw ? JSON.parse(body.raw.join('\n')) : readForm(body),
  auth: auth.type && { flow: auth.oauth2?.grantType ?? auth.type, tokenUrl: auth.oauth2?.tokenUrl },
})

const readForm = (body: any): any =>
  body?.form && Object.fromEntries(body.form.map(({ name, value }: any) => [name, value]))

/** Makes a folder as the extension does. The imported files get new ids. */
const createWorkspace = ({ name, folders, settings, requests }: any, variables: unknown) => {
  const path = emptyFolder()
  const data = join(path, 'thunder-tests')
  const write = (folder: string, file: string, content: unknown): void => {
    mkdirSync(join(data, folder), { recursive: true })
    writeFileSync(join(data, folder, file), JSON.stringify(content))
  }
  const owned = requests.map((request: any) => ({ ...request, token: undefined, colId: collectionId }))
  write('collections', 'tc_col_sesame.json', { _id: collectionId, colName: name, folders, settings, requests: owned })
  write('environments', 'tc_env_sesame.json', { _id: environmentId, name, default: true, data: variables })
  return {
    run: (programs: Programs, server: Server, words: readonly string[]) => runRequests(programs, path, server, words),
    // The extension stores the result of Generate Token in this file.
    keepTokens: ({ home }: Programs) => {
      const tokenState = requests
        .filter(({ token }: any) => token !== undefined)
        .map(({ _id, token }: any) => ({ token_id: `req_${_id}`, access_token: token, expires_in: 0 }))
      const file = join(home, '.th-client', 'thunder-tokens.json')
      writeFileSync(file, JSON.stringify([{ workspacePath: data, tokenState }]))
    },
  }
}

/** Runs the requests. One has failed without a response, or when one of its tests failed. Without tests, its status
 * must be 2xx. */
const runRequests = (programs: Programs, path: string, server: Server, words: readonly string[]): Outcome => {
  const variables = ['--env', environmentId, '--var-data', `baseUrl=${server.url}`]
  const { stdout, stderr } = programs.run(packageName, 'tc', ['--ws', path, ...words, ...variables, '--report', 'json'])
  const report = /^.*thunder-report.*\.json/m.exec(stdout)?.[0].trim()
  if (report === undefined) throw new Error(`Thunder Client has not reported:\n${stdout}${stderr}`)
  const requests: Answered[] = JSON.parse(readFileSync(report, 'utf8')).iterations[0].requests
  return {
    requests: requests.length,
    tests: requests.reduce((sum, { total }) => sum + total, 0),
    failed: requests.filter(hasFailed).map(({ name }) => name),
  }
}

const hasFailed = ({ resCode, total, passed }: Answered): boolean =>
  passed !== total || (total === 0 && Math.floor(resCode / 100) !== 2) || resCode === 0
