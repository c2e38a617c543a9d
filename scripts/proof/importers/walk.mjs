// The way of a user through an import, with nothing set but the base URL and the credentials.

/** Sends what was imported, from top to bottom. Before each request that asks for a token, one is got in its dialog;
 * what the contract links to an earlier answer is copied from there; and what an importer has made up for an optional
 * parameter, since the contract has no example, is switched off.
 * @param client `nameOf(item)`; `queryOf(item)`, the names in its query; `dialogOf(item)`, what its dialog sends
 * besides the credentials; `fill(item, { token, values, query })`, the item as it is to be sent, with nothing but that
 * in its query; `send(items)`, which yields how many were answered, and which have failed
 * @returns the same of all, and what was switched off */
export const goThrough = async (expected, items, server, client) => {
  const outcomes = []
  const switchedOff = []
  const find = (item) => expected.requests.find(({ name }) => name === client.nameOf(item))
  for (const group of startAtTokens(items, (item) => find(item)?.asksForToken)) {
    const filled = []
    for (const item of group) {
      const request = find(item) ?? { query: [], linked: [] }
      const token = request.asksForToken ? await fetchToken(expected, server, client.dialogOf(item)) : undefined
      const values = await fetchLinked(expected, request, server)
      filled.push(client.fill(item, { token, values, query: request.query }))
      switchedOff.push(...client.queryOf(item).filter((name) => !request.query.includes(name)))
    }
    outcomes.push(client.send(filled))
  }
  return {
    requests: outcomes.reduce((sum, { requests }) => sum + requests, 0),
    failed: outcomes.flatMap(({ failed }) => failed),
    switchedOff,
  }
}

/** Tokens are got one by one, since some requests end others. */
const startAtTokens = (items, asksForToken) => {
  const groups = [[]]
  for (const item of items) {
    if (asksForToken(item)) groups.push([item])
    else groups.at(-1).push(item)
  }
  return groups.filter(({ length }) => length > 0)
}

/** Gets a token as the program's dialog does, by the password flow that the import has; from the server that is
 * proven, if the import names another. */
const fetchToken = async ({ tokenUrl, credentials }, server, fields = {}) => {
  const url = new URL(new URL(tokenUrl).pathname, server.url)
  const body = new URLSearchParams({ grant_type: 'password', ...credentials, ...fields })
  const { access_token: token = '' } = await fetchJson(url, { method: 'POST', body })
  return token
}

/** Values of earlier answers, by the names of the parameters that they fill. */
const fetchLinked = async (expected, { linked }, server) => {
  const values = {}
  for (const { path, keys, name } of linked) {
    const headers = { authorization: `Bearer ${await fetchToken(expected, server)}` }
    const value = keys.reduce((node, key) => node?.[key], await fetchJson(server.url + path, { headers }))
    if (value !== undefined) values[name] = value
  }
  return values
}

const fetchJson = async (url, options) => {
  const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(10_000) })
  return answer.json()
}
