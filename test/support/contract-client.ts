import { appendFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { urlToHttpOptions } from 'node:url'
import { createConformance } from '../../src/contract/conformance.ts'
import { declaredScopes, readContract } from '../../src/contract/document.ts'
import { operationsOf } from '../../src/contract/operations.ts'
import { createRoutes } from '../../src/contract/routes.ts'
import { noteExchange } from './recorder.ts'

export interface Sent {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Buffer | Uint8Array
}

export interface Received {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** The body as JSON; undefined when there is none. */
  readonly json: any
}

export type Client = (sent: Sent) => Promise<Received>

const document = readContract()
const conformance = createConformance(document)
const routes = createRoutes(operationsOf(document))

/** The operation that a request is for, by the contract alone. */
const operationIdOf = (method: string, path: string): string | undefined => {
  const [plain = ''] = path.split('?')
  return routes.find(plain)?.route.operations.get(method === 'HEAD' ? 'get' : method.toLowerCase())?.id
}

/** Notes for the last test which declared answers were seen. */
export const noteSeen = (operationId: string | undefined, status: number): void => {
  const folder = process.env.SESAME_SEEN
  if (folder) appendFileSync(join(folder, `${process.pid}.txt`), `${operationId ?? ''} ${status}\n`)
}

/** Fails on an answer that the contract does not declare: a status, media type, header or body. */
export const expectDeclared = (operationId: string | undefined, received: Received, isBodyless = false): void => {
  const violations = conformance(operationId, { ...received, body: isBodyless ? undefined : received.text })
  if (violations.length > 0) {
    throw new Error(
      `${operationId ?? 'unmatched'} answered ${received.status}, which is not declared: ${violations.join('; ')}\n${received.text}`,
    )
  }
  noteSeen(operationId, received.status)
}

/** Sends a request as it is, and returns the answer unchecked. */
export const send = (url: string, { method = 'GET', path, headers: given = {}, body }: Sent): Promise<Received> =>
  new Promise((resolve, reject) => {
    const { hostname: host, port } = urlToHttpOptions(new URL(url))
    const headers = asSent(given, body)
    // The path is sent as given: a URL would normalise it.
    const request = httpRequest({ host, port, method, path, headers, agent: false }, (response) => {
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
    request.on('error', reject)
    request.end(body)
  })

/** Repeated headers have to be listed as they are, and then Node adds none of its own. */
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

/** A client that fails on any answer that the contract does not declare. */
export const contractClient =
  (url: string): Client =>
  async (sent) => {
    const received = await send(url, sent)
    const method = sent.method ?? 'GET'
    expectDeclared(operationIdOf(method, sent.path), received, method === 'HEAD')
    return received
  }

export const signUp = (client: Client, username: unknown, password: unknown): Promise<Received> =>
  client({
    method: 'POST',
    path: '/signup',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })

export const form = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString()

export const logIn = (
  client: Client,
  username: string,
  password: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Received> =>
  client({
    method: 'POST',
    path: '/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form({ username, password, ...more }),
  })

/** The same client with an access token. */
export const withToken =
  (client: Client, token: string): Client =>
  (sent) =>
    client({ ...sent, headers: { ...sent.headers, authorization: `Bearer ${token}` } })

export const readProtected = (client: Client, token: string): Promise<Received> =>
  withToken(client, token)({ path: '/protected' })

export const refresh = (
  client: Client,
  token: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Received> =>
  client({
    method: 'POST',
    path: '/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form({ grant_type: 'refresh_token', refresh_token: token, ...more }),
  })

/** What a log-in gets that asks for none in particular. */
export const allScopes = declaredScopes(document).join(' ')
