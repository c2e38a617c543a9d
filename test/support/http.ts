import { type Agent, type ClientRequestArgs, request as httpRequest } from 'node:http'
import { urlToHttpOptions } from 'node:url'
import { noteExchange } from './recorder.ts'

export interface Sent {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Buffer | Uint8Array
  /** Without an agent, each request opens its own connection. */
  readonly agent?: Agent
  readonly createConnection?: ClientRequestArgs['createConnection']
}

export interface Received {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** The parsed body; undefined where the body is not JSON. */
  readonly json: any
}

export type Client = (sent: Sent) => Promise<Received>

const timeoutMilliseconds = 60_000

/** Sends a request unchanged, and returns the response unchecked. */
export const send = (
  url: string,
  { method = 'GET', path, headers: given = {}, body, agent, createConnection }: Sent,
): Promise<Received> =>
  new Promise((resolve, reject) => {
    const { hostname: host, port } = urlToHttpOptions(new URL(url))
    const headers = asSent(given, body)
    // A URL would normalise the path.
    const connection = createConnection ? { createConnection } : { agent: agent ?? false }
    const options = { host, port, method, path, headers, timeout: timeoutMilliseconds, ...connection }
    const request = httpRequest(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        noteExchange({ method, path, headers, body }, response, bytes)
        const text = bytes.toString('utf8')
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parsed(text) })
      })
    })
    request.on('timeout', () => request.destroy(new Error('No answer in time')))
    request.on('error', reject)
    request.end(body)
  })

/** Node sends repeated headers only from a flat list, and adds no header of its own to such a list. */
const asSent = (headers: NonNullable<Sent['headers']>, body: Sent['body']): Record<string, string> | string[] => {
  if (Object.values(headers).every((value) => typeof value === 'string')) return headers as Record<string, string>
  const all = {
    host: 'localhost',
    'content-length': String(Buffer.byteLength(body ?? '')),
    connection: 'close',
    ...headers,
  }
  return Object.entries(all).flatMap(([name, values]) => [values].flat().flatMap((value) => [name, value]))
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A client that returns responses unchecked. */
export const plainClient =
  (url: string, agent?: Agent): Client =>
  (sent) =>
    send(url, agent ? { agent, ...sent } : sent)

export const signUp = (client: Client, username: unknown, password: unknown): Promise<Received> =>
  client({
    method: 'POST',
    path: '/signup',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })

type Fields = Readonly<Record<string, string>>

export const form = (fields: Fields): string => new URLSearchParams(fields).toString()

const postForm = (client: Client, path: string, fields: Fields): Promise<Received> =>
  client({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form(fields),
  })

export const logIn = (client: Client, username: string, password: string, more: Fields = {}): Promise<Received> =>
  postForm(client, '/token', { username, password, ...more })

/** The same client, which adds an access token to each request. */
export const withToken =
  (client: Client, token: string): Client =>
  (sent) =>
    client({ ...sent, headers: { ...sent.headers, authorization: `Bearer ${token}` } })

export const readProtected = (client: Client, token: string): Promise<Received> =>
  withToken(client, token)({ path: '/protected' })

export const refresh = (client: Client, token: string, more: Fields = {}): Promise<Received> =>
  postForm(client, '/token', { grant_type: 'refresh_token', refresh_token: token, ...more })

export interface Account {
  readonly username: string
  readonly password: string
}

/** The operations that proofs use. They do not judge responses. */
export const operationsOf = (client: Client) => {
  const sendJson = (method: string, path: string, token: string, body?: object): Promise<Received> =>
    withToken(
      client,
      token,
    )({
      method,
      path,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
  return {
    signUp: ({ username, password }: Account) => signUp(client, username, password),
    logIn: ({ username, password }: Account) => logIn(client, username, password),
    refresh: (token: string, more = {}) => refresh(client, token, more),
    revoke: (token: string) => postForm(client, '/revoke', { token }),
    logOut: (token: string) => sendJson('POST', '/logout', token),
    endSession: (token: string) => sendJson('DELETE', `/sessions/${claimsOf(token).sid}`, token),
    changePassword: (token: string, current: string, next: string) =>
      sendJson('PUT', '/account/password', token, { current_password: current, new_password: next }),
    deleteAccount: (token: string) => sendJson('DELETE', '/account', token),
    readProtected: (token: string) => readProtected(client, token),
  }
}

export type Operations = ReturnType<typeof operationsOf>

export const claimsOf = (accessToken: string): any =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString())

/** @returns the body of a response with status 200
 * @throws on any other status, because the proof cannot go on */
export const expectOk = ({ status, json }: Received): any => {
  if (status !== 200) throw new Error(`The preparation failed: ${status} ${JSON.stringify(json)}`)
  return json
}

/** Lists each different item with the number of its occurrences. */
export const tally = (items: readonly unknown[]): string => {
  const counts = new Map<unknown, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return counts.size === 0 ? 'none' : [...counts].map(([item, count]) => `${count} × ${String(item)}`).join(', ')
}
