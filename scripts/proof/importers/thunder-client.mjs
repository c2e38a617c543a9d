// Thunder Client: its command line has the importer of the extension, and runs what that has imported. It wants no
// licence for this.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTemporaryFolder } from '../at-exit.mjs'
import { root } from '../server.mjs'
import { findFaults, readExpected } from './contract.mjs'
import { goThrough } from './walk.mjs'

const packageName = '@thunderclient/cli'
const collectionId = '00000000-0000-4000-8000-000000000001'
const environmentId = '00000000-0000-4000-8000-000000000002'
const fileOf = (name) => join(root, 'contract', 'collections', name)

/** Imports the generated collection and its environment, and runs them. */
export const runCollection = (programs) => (server) => {
  const collection = importFile(programs, '--import-col', fileOf('thunder-collection_sesame.json'))
  const { variables } = importFile(programs, '--import-env', fileOf('thunder-environment_sesame.json'))
  const workspace = createWorkspace(collection, variables)
  const outcome = workspace.run(programs, server, ['--col', collectionId])
  workspace.remove()
  return outcome
}

/** Imports the contract as it is, and goes through it. */
export const runImport = (programs) => async (server) => {
  const file = join(root, 'openapi.yaml')
  const expected = readExpected(readFileSync(file, 'utf8'))
  const collection = importFile(programs, '--import-col', file)
  const variables = Object.entries({ baseUrl: '', ...expected.credentials }).map(([name, value]) => ({ name, value }))
  const outcome = await goThrough(expected, collection.requests, server, {
    nameOf: ({ name }) => name,
    queryOf: ({ params }) => (params ?? []).filter(({ isPath }) => !isPath).map(({ name }) => name),
    dialogOf: ({ auth: { oauth2 } }) => ({
      client_id: oauth2.clientId,
      client_secret: oauth2.clientSecret,
      scope: oauth2.scope ?? '',
    }),
    fill,
    send: (requests) => {
      const workspace = createWorkspace({ ...collection, requests }, variables)
      workspace.keepTokens(programs)
      const { failed, requests: answered } = workspace.run(programs, server, ['--col', collectionId])
      workspace.remove()
      return { failed, requests: answered }
    },
  })
  const faults = findFaults(expected, collection.requests.map(readRequest))
  return { ...outcome, tests: 0, failed: [...faults, ...outcome.failed] }
}

const fill = ({ url, params = [], ...request }, { token, values, query }) => {
  const sent = params.filter(({ name, isPath }) => isPath || query.includes(name))
  const pairs = sent.filter(({ isPath }) => !isPath).map(({ name, value }) => `${name}=${value}`)
  return {
    ...request,
    token,
    url: [url.split('?')[0], pairs.join('&')].filter((part) => part !== '').join('?'),
    params: sent.map((param) => ({ ...param, value: values[param.name] ?? param.value })),
  }
}

const importFile = (programs, option, file) => {
  const { stdout, stderr } = programs.run(packageName, 'tc', [option, file])
  const { error, errorMsg, importedFilePath } = JSON.parse(stdout || JSON.stringify({ error: true, errorMsg: stderr }))
  if (error) throw new Error(`Thunder Client has not imported ${file}: ${errorMsg}`)
  return JSON.parse(readFileSync(importedFilePath, 'utf8'))[0]
}

const readRequest = ({ name, body, auth }) => ({
  name,
  body: body?.raw ? JSON.parse(body.raw.join('\n')) : readForm(body),
  auth: auth.type && { flow: auth.oauth2?.grantType ?? auth.type, tokenUrl: auth.oauth2?.tokenUrl },
})

const readForm = (body) => body?.form && Object.fromEntries(body.form.map(({ name, value }) => [name, value]))

/** A folder as the extension keeps it: what was imported, under ids of its own. */
const createWorkspace = ({ name, folders, settings, requests }, variables) => {
  const { path, remove } = createTemporaryFolder()
  const data = join(path, 'thunder-tests')
  const write = (folder, file, content) => {
    mkdirSync(join(data, folder), { recursive: true })
    writeFileSync(join(data, folder, file), JSON.stringify(content))
  }
  const owned = requests.map(({ token, ...request }) => ({ ...request, colId: collectionId }))
  write('collections', 'tc_col_sesame.json', { _id: collectionId, colName: name, folders, settings, requests: owned })
  write('environments', 'tc_env_sesame.json', { _id: environmentId, name, default: true, data: variables })
  return {
    remove,
    run: (programs, server, words) => runRequests(programs, path, server, words),
    // Where the extension puts what Generate Token has got.
    keepTokens: ({ home }) => {
      const tokenState = requests
        .filter(({ token }) => token !== undefined)
        .map(({ _id, token }) => ({ token_id: `req_${_id}`, access_token: token, expires_in: 0 }))
      const file = join(home, '.th-client', 'thunder-tokens.json')
      writeFileSync(file, JSON.stringify([{ workspacePath: data, tokenState }]))
    },
  }
}

/** A request has failed that was not answered, or by which a test failed; where it has no tests, any status but 2xx. */
const runRequests = (programs, path, server, words) => {
  const variables = ['--env', environmentId, '--var-data', `baseUrl=${server.url}`]
  const { stdout, stderr } = programs.run(packageName, 'tc', ['--ws', path, ...words, ...variables, '--report', 'json'])
  const report = /^.*thunder-report.*\.json/m.exec(stdout)?.[0].trim()
  if (report === undefined) throw new Error(`Thunder Client has not reported:\n${stdout}${stderr}`)
  const { requests } = JSON.parse(readFileSync(report, 'utf8')).iterations[0]
  return {
    requests: requests.length,
    tests: requests.reduce((sum, { total }) => sum + total, 0),
    failed: requests.filter(hasFailed).map(({ name }) => name),
  }
}

const hasFailed = ({ resCode, total, passed }) =>
  passed !== total || (total === 0 && Math.floor(resCode / 100) !== 2) || resCode === 0
