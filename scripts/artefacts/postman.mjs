// A Postman collection (format 2.1) and an environment. Postman's converter makes the requests and the saved answers;
// what is added here it cannot know: which values are variables, which requests send the token, and what to test.
import { convertToPostman } from './conversion.mjs'
import { toId } from './id.mjs'
import { toTests } from './postman-tests.mjs'

/** A flat list in the contract's order, which is the order of a run: folders, by paths or by tags, would change it.
 * The collection has all variables itself, so that it works without an environment, too. */
export const toPostmanCollection = async (document, { title, baseUrl, credentials, requests }) => {
  const { info, items } = await convertToPostman(document)
  return {
    info: { ...info, _postman_id: toId('postman', title) },
    item: requests.map((request) => toItem(findItem(items, request), request)),
    variable: Object.entries({ baseUrl, ...credentials, accessToken: '' }).map(([key, value]) => ({ key, value })),
  }
}

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

const findItem = (items, { id, method, path }) => {
  const item = items.get(`${method} ${path}`)
  if (item === undefined) throw new Error(`${id}: the converter has made no request for ${method} ${path}`)
  return item
}

const toItem = (converted, request) => {
  const sent = toSent(converted.request, request)
  return {
    id: toId('postman', request.id),
    name: converted.name,
    event: [{ listen: 'test', script: { type: 'text/javascript', exec: toTests(request) } }],
    request: { ...sent, auth: toAuth(request), description: converted.request.description },
    response: converted.response.map((answer, index) => ({
      ...answer,
      id: toId('postman', request.id, 'answer', String(index)),
      originalRequest: sent,
    })),
  }
}

const toSent = ({ method, url, header = [], body }, request) => ({
  method,
  header,
  ...(request.body && { body: fillBody(body, request.body) }),
  url: { raw: toRawUrl(url), ...url },
})

// Insomnia, for one, reads nothing but this when it imports a collection.
const toRawUrl = ({ host, path }) => [...host, ...path].join('/')

/** By the dialog a token would have to be got by hand; here the test of the log-in carries it on. */
const toAuth = ({ asksForToken }) =>
  asksForToken
    ? { type: 'bearer', bearer: [{ key: 'token', value: '{{accessToken}}', type: 'string' }] }
    : { type: 'noauth' }

const fillBody = (body, { value }) =>
  body.mode === 'raw'
    ? { ...body, raw: JSON.stringify(value, undefined, 2) }
    : { ...body, [body.mode]: fillFields(body[body.mode], value) }

/** The fields of the example are sent; the others are there to be switched on. */
const fillFields = (fields, value) => [
  ...Object.entries(value).map(([key, text]) => ({
    ...fields.find((field) => field.key === key),
    key,
    value: text,
    disabled: false,
  })),
  ...fields.filter(({ key }) => !(key in value)).map((field) => ({ ...field, disabled: true })),
]
