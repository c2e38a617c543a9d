// A Thunder Client collection and its environment, as that program exports and imports them (version 1.2).
// It has no scripts, but in the paid version.
import { toId } from './id.mjs'
import { toAccessor } from './links.mjs'
import { toRun } from './run.mjs'

// `client` is read by all versions of the importer; beside `clientName` recent ones ask for a `ref` that only the
// program itself can give.
const origin = { client: 'Thunder Client', clientName: 'Thunder Client', version: '1.2' }

const sortStep = 10_000

export const toThunderCollection = ({ title, credentials, requests }) => {
  const run = toRun(requests)
  const collectionId = toId('thunder', title)
  return {
    ...origin,
    collectionName: title,
    collectionId,
    folders: [],
    requests: run.map((request, index) => {
      const before = run[index + 1]?.takesName ? [makeName(credentials)] : []
      return toRequest(request, index + 1, collectionId, before)
    }),
  }
}

export const toThunderEnvironment = ({ title, baseUrl, credentials, variables }) => ({
  ...origin,
  environmentName: title,
  environmentId: toId('thunder environment', title),
  variables: Object.entries({ baseUrl, ...credentials, accessToken: '', ...variables }).map(([name, value]) => ({
    name,
    value,
  })),
})

const toRequest = (request, place, collectionId, settings) => ({
  _id: toId('thunder', request.id),
  colId: collectionId,
  containerId: '',
  name: request.name,
  url: `{{baseUrl}}${request.filledPath}`,
  method: request.method,
  sortNum: place * sortStep,
  // The importer orders by this time: it stands for the place, and is the same in every run.
  created: new Date(place).toISOString(),
  modified: new Date(place).toISOString(),
  headers: request.success.mediaType ? [{ name: 'Accept', value: request.success.mediaType }] : [],
  params: request.query.map(({ name, value }) => ({ name, value: String(value), isDisabled: true, isPath: false })),
  ...(request.body && { body: toBody(request.body) }),
  auth: request.asksForToken ? { type: 'bearer', bearer: '{{accessToken}}' } : { type: 'none' },
  docs: request.description,
  tests: [...toTests(request), ...settings],
})

const toBody = ({ mediaType, value }) =>
  mediaType === 'application/json'
    ? { type: 'json', raw: JSON.stringify(value, undefined, 2), form: [] }
    : { type: 'formencoded', raw: '', form: Object.entries(value).map(([name, text]) => ({ name, value: text })) }

const toTests = ({ success, tokenMember, keeps }) => [
  ...expectSuccess(success),
  ...(tokenMember ? [setVariable('accessToken', `json.${tokenMember}`)] : []),
  ...keeps.map(({ name, keys }) => setVariable(name, `json${toAccessor(keys)}`)),
]

const expectSuccess = ({ status, mediaType, schema }) => [
  { type: 'res-code', custom: '', action: 'equal', value: String(status) },
  ...(mediaType ? expectBody(mediaType, schema) : []),
]

const expectBody = (mediaType, schema) => [
  { type: 'Content-Type', custom: '', action: 'contains', value: mediaType },
  { type: 'json-query', custom: 'json', action: 'schema', value: JSON.stringify(schema) },
]

const setVariable = (name, custom) => ({ type: 'set-env-var', custom, action: 'setto', value: `{{${name}}}` })

/** A name is never given out again, so that each run has its own. Variables are set by answers alone: by the one
 * before the sign-up. */
const makeName = ({ username }) => setVariable('username', `${username}-{{#date}}`)
