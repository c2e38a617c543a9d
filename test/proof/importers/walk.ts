// The way of a user through an import, with nothing set but the base URL and the credentials.
import type { Expected, ExpectedRequest } from './contract.ts'

/** How a client sends what it has imported. */
export interface Walker {
  readonly nameOf: (item: any) => string
  /** The names in its query. */
  readonly queryOf: (item: any) => readonly string[]
  /** What its dialog sends besides the credentials. */
  readonly dialogOf: (item: any) => Readonly<Record<string, string>>
  /** The item as it is to be sent, with nothing but that in its query. */
  readonly fill: (item: any, filling: Filling) => unknown
  readonly send: (items: readonly unknown[]) => Sent
}

export interface Filling {
  readonly token: string | undefined
  readonly values: Readonly<Record<string, unknown>>
  readonly query: readonly string[]
}

interface Sent {
  readonly requests: number
  readonly failed: readonly string[]
}

interface Server {
  readonly url: string
}

const unknownRequest = { asksForToken: false, query: [] as readonly string[], linked: [] }

/** Sends what was imported, from top to bottom. Before each request that asks for a token, one is got in its dialog;
 * what the contract links to an earlier response is copied from there; and what an importer has made up for an optional
 * parameter, since the contract has no example, is switched off.
 * @returns how many were answered, which have failed, and what was switched off */
export const goThrough = async (expected: Expected, items: readonly any[], server: Server, client: Walker) => {
  const outcomes: Sent[] = []
  const switchedOff: string[] = []
  const find = (item: any): ExpectedRequest | undefined =>
    expected.requests.find(({ name }) => name === client.nameOf(item))
  for (const group of startAtTokens(items, (item) => find(item)?.asksForToken ?? false)) {
    const filled: unknown[] = []
    for (const item of group) {
      const request = find(item) ?? unknownRequest
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
const startAtTokens = (items: readonly any[], asksForToken: (item: any) => boolean): any[][] => {
  const groups: any[][] = [[]]
  for (const item of items) {
    if (asksForToken(item)) groups.push([item])
    else groups.at(-1)?.push(item)
  }
  return groups.filter(({ length }) => length > 0)
}

/** Gets a token as the program's dialog does, by the password flow that the import has; from the server that is
 * proven, if the import names another. */
const fetchToken = async ({ tokenUrl, credentials }: Expected, server: Server, fields = {}): Promise<string> => {
  const url = new URL(new URL(tokenUrl).pathname, server.url)
  const body = new URLSearchParams({ grant_type: 'password', ...credentials, ...fields })
  const { access_token: token = '' } = await fetchJson(url, { method: 'POST', body })
  return token
}

/** Values of earlier answers, by the names of the parameters that they fill. */
const fetchLinked = async (
  expected: Expected,
  { linked }: Pick<ExpectedRequest, 'linked'>,
  server: Server,
): Promise<Filling['values']> => {
  const values: Record<string, unknown> = {}
  for (const { path, keys, name } of linked) {
    const headers = { authorization: `Bearer ${await fetchToken(expected, server)}` }
    const value = keys.reduce<any>((node, key) => node?.[key], await fetchJson(server.url + path, { headers }))
    if (value !== undefined) values[name] = value
  }
  return values
}

const fetchJson = async (url: string | URL, options: RequestInit): Promise<any> => {
  const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(10_000) })
  return answer.json()
}
