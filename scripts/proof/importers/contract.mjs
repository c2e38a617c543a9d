// What an importer should have made of the contract.
import { isDeepStrictEqual } from 'node:util'
import yaml from 'js-yaml'
import { readRequests } from '../../artefacts/requests.mjs'

/** @param text of an OpenAPI document
 * @returns `requests` by their names, with the bodies as the examples have them; `credentials`; `tokenUrl` */
export const readExpected = (text) => {
  const { requests, credentials, tokenUrl } = readRequests(yaml.load(text))
  const asInExample = ([name, value]) => [name, value === `{{${name}}}` ? credentials[name] : value]
  return {
    credentials,
    tokenUrl,
    requests: requests.map(({ name, body, asksForToken }) => ({
      name,
      asksForToken,
      body: body && Object.fromEntries(Object.entries(body.value).map(asInExample)),
    })),
  }
}

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

/** Gets a token as the program's dialog does, by the password flow that the import has; from the server that is
 * proven, if the import names another.
 * @param fields what the dialog sends besides the credentials */
export const fetchToken = async ({ tokenUrl, credentials }, server, fields = {}) => {
  const url = new URL(new URL(tokenUrl).pathname, server.url)
  const body = new URLSearchParams({ grant_type: 'password', ...credentials, ...fields })
  const answer = await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(10_000) })
  return (await answer.json()).access_token ?? ''
}
