// A Thunder Client collection and its environment, as that program exports and imports them (version 1.2).
import { toId } from './id.mjs'

// `client` is read by all versions of the importer; beside `clientName` recent ones ask for a `ref` that only the
// program itself can give.
const origin = { client: 'Thunder Client', clientName: 'Thunder Client', version: '1.2' }

const sortStep = 10_000

export const toThunderCollection = ({ title, requests }) => ({
  ...origin,
  collectionName: title,
  collectionId: toId('thunder', title),
  folders: [],
  requests: requests.map((request, index) => toRequest(request, index + 1, toId('thunder', title))),
})

export const toThunderEnvironment = ({ title, baseUrl, credentials }) => ({
  ...origin,
  environmentName: title,
  environmentId: toId('thunder environment', title),
  variables: Object.entries({ baseUrl, ...credentials, accessToken: '' }).map(([name, value]) => ({ name, value })),
})

const toRequest = (request, place, collectionId) => ({
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
  ...(request.body && { body: toBody(request.body) }),
  auth: request.asksForToken ? { type: 'bearer', bearer: '{{accessToken}}' } : { type: 'none' },
  docs: request.description,
  tests: toTests(request),
})

const toBody = ({ mediaType, value }) =>
  mediaType === 'application/json'
    ? { type: 'json', raw: JSON.stringify(value, undefined, 2), form: [] }
    : { type: 'formencoded', raw: '', form: Object.entries(value).map(([name, text]) => ({ name, value: text })) }

const toTests = ({ success, alternative, tokenMember }) => [
  ...(alternative ? expectEither(success, alternative) : expectSuccess(success)),
  ...(tokenMember ? [keepToken(tokenMember)] : []),
]

const expectSuccess = ({ status, mediaType, schema }) => [
  { type: 'res-code', custom: '', action: 'equal', value: String(status) },
  ...(mediaType ? expectBody(mediaType, schema) : []),
]

const expectBody = (mediaType, schema) => [
  { type: 'Content-Type', custom: '', action: 'contains', value: mediaType },
  { type: 'json-query', custom: 'json', action: 'schema', value: JSON.stringify(schema) },
]

// Tests cannot depend on each other here: of two bodies either has to match.
const expectEither = ({ status, schema }, alternative) => [
  { type: 'res-code', custom: '', action: 'regex', value: `^(${status}|${alternative.status})$` },
  { type: 'json-query', custom: 'json', action: 'schema', value: JSON.stringify(eitherSchema(schema, alternative)) },
]

const eitherSchema = (schema, { code }) => ({
  anyOf: [schema, { type: 'object', required: ['code'], properties: { code: { enum: [code] } } }],
})

const keepToken = (tokenMember) => ({
  type: 'set-env-var',
  custom: `json.${tokenMember}`,
  action: 'setto',
  value: '{{accessToken}}',
})
