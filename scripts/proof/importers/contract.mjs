// What an importer should have made of the contract.
import { isDeepStrictEqual } from 'node:util'
import yaml from 'js-yaml'
import { readRequests } from '../../generate/collections/requests.mjs'
import { toRun } from '../../generate/collections/run.mjs'

/** @param text of an OpenAPI document
 * @returns `requests` by their names, with the bodies as the examples have them, the `query` parameters that have
 * examples, and the parameters that are `linked` to answers; `run`, the names in the order of a run; `credentials`;
 * `tokenUrl` */
export const readExpected = (text) => {
  const { requests, credentials, tokenUrl } = readRequests(yaml.load(text))
  const links = requests.flatMap(({ path, keeps }) => keeps.map((link) => ({ ...link, path })))
  return {
    credentials,
    tokenUrl,
    run: toRun(requests).map(({ name }) => name),
    requests: requests.map(({ id, name, query, body, asksForToken }) => ({
      name,
      asksForToken,
      query: query.map((parameter) => parameter.name),
      linked: links.filter(({ operationId }) => operationId === id),
      body: body && mapValues(body.value, (value) => asInExample(value, credentials)),
    })),
  }
}

const mapValues = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]))

const asInExample = (value, credentials) => credentials[/^\{\{(\w+)\}\}$/.exec(value)?.[1]] ?? value

/** What is wrong with an import, one line for each fault.
 * @param imported requests `{ name, body, auth }`: the body as an object, `auth` as `{ flow, tokenUrl }`; either may be
 * missing. More members in a body are fine. */
export const findFaults = ({ requests, tokenUrl }, imported) => [
  ...(imported.length === requests.length ? [] : [`${imported.length} requests instead of ${requests.length}`]),
  ...requests.flatMap(({ name, body, asksForToken }) => {
    const found = imported.find((request) => request.name === name)
    const expectedAuth = asksForToken ? { flow: 'password', tokenUrl } : undefined
    return [
      ...(found === undefined ? [`"${name}" is missing`] : []),
      ...(found && !isFilled(found.body, body) ? [`"${name}" has the body ${JSON.stringify(found.body)}`] : []),
      ...(found && !isDeepStrictEqual(found.auth, expectedAuth)
        ? [`"${name}" has the authorization ${JSON.stringify(found.auth)}`]
        : []),
    ]
  }),
]

const isFilled = (found, expected) =>
  Object.entries(expected ?? {}).every(([name, value]) => isDeepStrictEqual(found?.[name], value))
