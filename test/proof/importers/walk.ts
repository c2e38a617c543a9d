// Sends the requests of an import as a user would, who sets only the base URL and the credentials.
import type { Expected, ExpectedRequest } from './contract.ts'

/** The parts that differ between API clients. */
export interface Walker {
  readonly nameOf: (item: any) => string
  /** The names of the query parameters of an item. */
  readonly queryOf: (item: any) => readonly string[]
  /** The fields that the token dialog sends besides the credentials. */
  readonly dialogOf: (item: any) => Readonly<Record<string, string>>
  /** Fills in an item. Only the named query parameters stay. */
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

const unknownRequest = { requiresToken: false, query: [] as readonly string[], linked: [] }

/** Sends the imported requests from top to bottom. A request that needs a token gets a new one by its dialog.
 * Parameters that the contract links to an earlier response are copied from there. An optional parameter without an
 * example is switched off, because the importer has invented its value.
 * @returns the number of responses, the failed requests, and the parameters that were switched off */
export const goThrough = async (expected: Expected, items: readonly any[], server: Server, client: Walker) => {
  const outcomes: Sent[] = []
  const switchedOff: string[] = []
  const find = (item: any): ExpectedRequest | undefined =>
    expected.requests.find(({ name }) => name === client.nameOf(item))
  for (const group of startAtTokens(items, (item) => find(item)?.requiresToken ?? false)) {
    const filled: unknown[] = []
    for (const item of group) {
      const request = find(item) ?? unknownRequest
      const token = request.requiresToken ? await fetchToken(expected, server, client.dialogOf(item)) : undefined
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

/** Each request with a token starts a group, because some requests end the tokens of others. */
const startAtTokens = (items: readonly any[], requiresToken: (item: any) => boolean): any[][] => {
  const groups: any[][] = [[]]
  for (const item of items) {
    if (requiresToken(item)) groups.push([item])
    else groups.at(-1)?.push(item)
  }
  return groups.filter(({ length }) => length > 0)
}

/** Requests a token by the password flow of the import, as the dialog of the program does. The request goes to the
 * server under test, also where the import names another. */
const fetchToken = async ({ tokenUrl, credentials }: Expected, server: Server, fields = {}): Promise<string> => {
  const url = new URL(new URL(tokenUrl).pathname, server.url)
  const body = new URLSearchParams({ grant_type: 'password', ...credentials, ...fields })
  const { access_token: token = '' } = await fetchJson(url, { method: 'POST', body })
  return token
}

/** Reads values from earlier responses, by the names of the parameters that they fill. */
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
