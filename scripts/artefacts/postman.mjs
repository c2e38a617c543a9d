// A Postman collection (format 2.1) and an environment.
import { toId } from './id.mjs'

const collectionSchema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json'

/** The collection has all variables itself, so that it works without an environment, too. */
export const toPostmanCollection = ({ title, description, baseUrl, credentials, requests }) => ({
  info: { _postman_id: toId('postman', title), name: title, description, schema: collectionSchema },
  item: requests.map(toItem),
  variable: Object.entries({ baseUrl, ...credentials, accessToken: '' }).map(([key, value]) => ({ key, value })),
})

export const toPostmanEnvironment = ({ title, baseUrl, credentials }) => ({
  id: toId('postman environment', title),
  name: title,
  values: Object.entries({ baseUrl, ...credentials }).map(([key, value]) => ({
    key,
    value,
    type: key === 'password' ? 'secret' : 'default',
    enabled: true,
  })),
  _postman_variable_scope: 'environment',
})

const toItem = (request) => ({
  id: toId('postman', request.id),
  name: request.name,
  event: [{ listen: 'test', script: { type: 'text/javascript', exec: toTests(request) } }],
  request: {
    method: request.method,
    header: toHeaders(request),
    auth: request.asksForToken ? bearer : { type: 'noauth' },
    ...(request.body && { body: toBody(request.body) }),
    url: {
      raw: `{{baseUrl}}${request.path}`,
      host: ['{{baseUrl}}'],
      path: request.path.split('/').slice(1),
    },
    description: request.description,
  },
  response: [],
})

const bearer = { type: 'bearer', bearer: [{ key: 'token', value: '{{accessToken}}', type: 'string' }] }

const toHeaders = ({ body, success }) => [
  ...(body ? [{ key: 'Content-Type', value: body.mediaType }] : []),
  { key: 'Accept', value: success.mediaType },
]

const toBody = ({ mediaType, value }) =>
  mediaType === 'application/json'
    ? { mode: 'raw', raw: JSON.stringify(value, undefined, 2), options: { raw: { language: 'json' } } }
    : { mode: 'urlencoded', urlencoded: Object.entries(value).map(([key, text]) => ({ key, value: text })) }

const toTests = ({ success, alternative, tokenMember }) => [
  ...(alternative ? expectEither(success, alternative) : expectStatus(success)),
  ...expectBody(success),
  ...(tokenMember ? keepToken(success, tokenMember) : []),
]

const expectStatus = ({ status }) => [
  `pm.test('answers ${status}', () => {`,
  `  pm.response.to.have.status(${status})`,
  `})`,
]

const expectEither = ({ status }, alternative) => [
  `pm.test('answers ${status}, or ${alternative.status} ${alternative.code} when run again', () => {`,
  `  if (pm.response.code === ${alternative.status}) pm.expect(pm.response.json().code).to.equal('${alternative.code}')`,
  `  else pm.response.to.have.status(${status})`,
  `})`,
]

const expectBody = ({ status, schema }) => [
  `if (pm.response.code === ${status}) {`,
  `  pm.test('the body is as the contract declares it', () => {`,
  `    pm.response.to.have.jsonSchema(${JSON.stringify(schema)})`,
  `  })`,
  `}`,
]

// A token of an earlier run must not hide that this log-in has failed.
const keepToken = ({ status }, tokenMember) => [
  `const isLoggedIn = pm.response.code === ${status}`,
  `pm.collectionVariables.set('accessToken', isLoggedIn ? pm.response.json().${tokenMember} : '')`,
]
