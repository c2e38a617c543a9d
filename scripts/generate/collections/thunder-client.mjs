// Creates a Thunder Client collection and its environment, in the program's export format 1.2. Only the paid version
// supports scripts, so the collection has none.
import { toId } from './id.mjs'
import { toAccessor } from './links.mjs'
import { toRun } from './run.mjs'

// All versions of the importer read `client`. With `clientName` alone, recent ones require a `ref`, which only the
// program itself can create.
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
  // The importer orders requests by this time, so it is derived from the place.
  created: new Date(place).toISOString(),
  modified: new Date(place).toISOString(),
  headers: request.success.mediaType ? [{ name: 'Accept', value: request.success.mediaType }] : [],
  params: request.query.map(({ name, value }) => ({ name, value: String(value), isDisabled: true, isPath: false })),
  ...(request.body && { body: toBody(request.body) }),
  auth: request.requiresToken ? { type: 'bearer', bearer: '{{accessToken}}' } : { type: 'none' },
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

/** Each run needs a new name, because a name can sign up only once. Only responses can set variables, so the request
 * before the sign-up sets it. */
const makeName = ({ username }) => setVariable('username', `${username}-{{#date}}`)
