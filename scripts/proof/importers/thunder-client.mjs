// Thunder Client: its command line has the importer of the extension, and runs what that has imported. It wants no
// licence for this.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTemporaryFolder } from '../at-exit.mjs'
import { root } from '../server.mjs'
import { fetchToken, findFaults, readExpected } from './contract.mjs'

const packageName = '@thunderclient/cli'
const collectionId = '00000000-0000-4000-8000-000000000001'
const environmentId = '00000000-0000-4000-8000-000000000002'
const artefact = (name) => join(root, 'artefacts', name)

/** Imports the generated collection and its environment, and runs them. */
export const runCollection = (programs) => (server) => {
  const collection = importFile(programs, '--import-col', artefact('thunder-collection_sesame.json'))
  const { variables } = importFile(programs, '--import-env', artefact('thunder-environment_sesame.json'))
  const workspace = createWorkspace(collection, variables)
  const outcome = workspace.run(programs, server, ['--col', collectionId])
  workspace.remove()
  return outcome
}

/** Imports the contract as it is, and runs it with nothing set but the base URL and the credentials. */
export const runImport = (programs) => async (server) => {
  const file = join(root, 'openapi.yaml')
  const expected = readExpected(readFileSync(file, 'utf8'))
  const collection = importFile(programs, '--import-col', file)
  const faults = findFaults(expected, collection.requests.map(readRequest))
  const variables = Object.entries({ baseUrl: '', ...expected.credentials }).map(([name, value]) => ({ name, value }))
  const workspace = createWorkspace(collection, variables)

  // Someone signs up, presses Generate Token, and sends the rest.
  const [first, ...rest] = collection.requests
  const signedUp = workspace.run(programs, server, ['--reqlist', first._id])
  workspace.keepTokens(programs, await fetchTokens(expected, server, rest.filter(asksForToken)))
  const done = workspace.run(programs, server, ['--reqlist', rest.map(({ _id }) => _id).join()])
  workspace.remove()
  return {
    requests: signedUp.requests + done.requests,
    tests: 0,
    failed: [...faults, ...signedUp.failed, ...done.failed],
  }
}

const importFile = (programs, option, file) => {
  const { stdout, stderr } = programs.run(packageName, 'tc', [option, file])
  const { error, errorMsg, importedFilePath } = JSON.parse(stdout || JSON.stringify({ error: true, errorMsg: stderr }))
  if (error) throw new Error(`Thunder Client has not imported ${file}: ${errorMsg}`)
  return JSON.parse(readFileSync(importedFilePath, 'utf8'))[0]
}

const asksForToken = ({ auth }) => auth.type === 'oauth2'

/** A token for each request, asked for as the imported authorization says, unset variables and all. */
const fetchTokens = (expected, server, requests) =>
  Promise.all(
    requests.map(async ({ _id, auth: { oauth2 } }) => {
      const fields = { client_id: oauth2.clientId, client_secret: oauth2.clientSecret }
      return [_id, await fetchToken(expected, server, fields)]
    }),
  )

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
  const owned = requests.map((request) => ({ ...request, colId: collectionId }))
  write('collections', 'tc_col_sesame.json', { _id: collectionId, colName: name, folders, settings, requests: owned })
  write('environments', 'tc_env_sesame.json', { _id: environmentId, name, default: true, data: variables })
  return {
    remove,
    run: (programs, server, words) => runRequests(programs, path, server, words),
    // Where the extension puts what Generate Token has got.
    keepTokens: ({ home }, tokens) => {
      const tokenState = tokens.map(([id, token]) => ({ token_id: `req_${id}`, access_token: token, expires_in: 0 }))
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
