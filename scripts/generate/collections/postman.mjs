// Creates a Postman collection (format 2.1) and an environment. Postman's converter creates the requests and the saved
// responses. This module adds variables, tokens and tests, which the converter cannot know.
import { convertToPostman } from './conversion.mjs'
import { toId } from './id.mjs'
import { toNewName, toTests } from './postman-tests.mjs'
import { toRun } from './run.mjs'

/** Creates a flat list in the order of a run, because folders would change that order. The collection contains all
 * variables, so it also works without an environment. */
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

/** The environment has no username. It would hide the one that the collection makes up for each run. */
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
  if (item === undefined) throw new Error(`${id}: the converter created no request for ${method} ${path}`)
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
    response: (request.isRepeated ? [] : converted.response).map((response, index) => ({
      ...response,
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

// Some importers, such as Insomnia, read only this text.
const toRawUrl = ({ host, path }) => [...host, ...path].join('/')

/** The test of the log-in sets the token. With an OAuth dialog, users would have to get it by hand. */
const toAuth = ({ requiresToken }) =>
  requiresToken
    ? { type: 'bearer', bearer: [{ key: 'token', value: '{{accessToken}}', type: 'string' }] }
    : { type: 'noauth' }

const fillBody = (body, { value }) =>
  body.mode === 'raw'
    ? { ...body, raw: JSON.stringify(value, undefined, 2) }
    : { ...body, [body.mode]: fillFields(body[body.mode], value) }

/** Enables the fields of the example. Users may enable the others. */
const fillFields = (fields, value) => [
  ...Object.entries(value).map(([key, text]) => ({
    ...fields.find((field) => field.key === key),
    key,
    value: text,
    disabled: false,
  })),
  ...fields.filter(({ key }) => !(key in value)).map((field) => ({ ...field, disabled: true })),
]
