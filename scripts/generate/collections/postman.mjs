// A Postman collection (format 2.1) and an environment. Postman's converter makes the requests and the saved answers;
// what is added here it cannot know: which values are variables, which requests send the token, and what to test.
import { convertToPostman } from './conversion.mjs'
import { toId } from './id.mjs'
import { toNewName, toTests } from './postman-tests.mjs'
import { toRun } from './run.mjs'

/** A flat list in the order of a run: folders, by paths or by tags, would change it.
 * The collection has all variables itself, so that it works without an environment, too. */
export const toPostmanCollection = async (document, contract) => {
  const { title, baseUrl, credentials, variables, requests } = contract
  const { info, items } = await convertToPostman(document)
  return {
    info: { ...info, _postman_id: toId('postman', title) },
    item: toRun(requests).map((request) => toItem(findItem(items, request), request, contract)),
    variable: Object.entries({ baseUrl, ...credentials, accessToken: '', ...variables }).map(([key, value]) => ({
      key,
      value,
    })),
  }
}

/** Without the name, which would hide the one that the collection makes for each run. */
export const toPostmanEnvironment = ({ title, baseUrl, credentials: { password } }) => ({
  id: toId('postman environment', title),
  name: title,
  values: Object.entries({ baseUrl, password }).map(([key, value]) => ({
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

const toItem = (converted, request, { credentials, variables }) => {
  const sent = toSent(converted.request, request, variables)
  return {
    id: toId('postman', request.id),
    name: request.name,
    event: [
      toEvent('test', toTests(request)),
      ...(request.takesName ? [toEvent('prerequest', toNewName(credentials))] : []),
    ],
    request: { ...sent, auth: toAuth(request), description: request.description },
    response: (request.isRepeated ? [] : converted.response).map((answer, index) => ({
      ...answer,
      id: toId('postman', request.id, 'answer', String(index)),
      originalRequest: sent,
    })),
  }
}

const toEvent = (listen, exec) => ({ listen, script: { type: 'text/javascript', exec } })

const toSent = ({ method, url, header = [], body }, request, variables) => ({
  method,
  header,
  ...(request.body && { body: fillBody(body, request.body) }),
  url: { raw: toRawUrl(url), ...url, variable: url.variable.map((entry) => fillVariable(entry, variables)) },
})

const fillVariable = (entry, variables) => (entry.key in variables ? { ...entry, value: `{{${entry.key}}}` } : entry)

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
