import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import type { HttpResponse } from '../../contract/conformance.ts'

/** Names and values of headers, in order. */
export type Headers = readonly (readonly [name: string, value: string])[]

/** A request. The exchange adds only the headers Host and Content-Length. A header may occur twice. */
export interface Outgoing {
  readonly method: string
  readonly path: string
  readonly headers: Headers
  readonly body?: Buffer | undefined
  /** Bytes that are not HTTP. They are sent instead of all the above. */
  readonly bytes?: string | undefined
}

/** A response with its whole body. */
export interface Received extends HttpResponse {
  readonly body: string
}

/** @throws Error if no complete response arrives in time */
export type Send = (outgoing: Outgoing) => Promise<Received>

/** Sends requests to one server, one at a time, over the same connection if the server keeps it open. If a response has
 * the status 429 or 503 and Retry-After, the request is repeated after that time, at most `maxRepetitions` times in
 * all. */
export interface Exchange {
  readonly send: Send
  /** How many of the latest requests in a row got no response. */
  readonly failuresInARow: () => number
  readonly close: () => void
}

const maxBodyBytes = 2 ** 20
const maxRepetitions = 5
const maxRetrySeconds = 30

export interface ExchangeOptions {
  /** An http or https URL. Its path precedes the path of each request. */
  readonly baseUrl: URL
  /** The time limit for a response, up to its last byte. */
  readonly timeoutSeconds: number
  /** Receives the number of seconds until a request is sent again. */
  readonly onWait: (seconds: number) => void
  readonly onResponse: (outgoing: Outgoing, response: Received) => void
}

export const openExchange = ({ baseUrl, timeoutSeconds, onWait, onResponse }: ExchangeOptions): Exchange => {
  const isTls = baseUrl.protocol === 'https:'
  const request = isTls ? httpsRequest : httpRequest
  const agent = isTls ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
  const host = hostOf(baseUrl)
  const port = portOf(baseUrl)
  let failuresInARow = 0

  const open = ({ method, path, headers, body, bytes }: Outgoing, signal: AbortSignal): ClientRequest =>
    request({
      host,
      port,
      method,
      path: `${pathOf(baseUrl)}${path}`,
      headers: [
        ...['Host', baseUrl.host],
        ...(body === undefined ? [] : ['Content-Length', String(body.length)]),
        ...headers.flat(),
      ],
      setHost: false,
      signal,
      ...(bytes === undefined ? { agent } : { createConnection: () => connectAndWrite(bytes, isTls, host, port) }),
    })

  const sendOnce = async (outgoing: Outgoing): Promise<Received> => {
    const signal = AbortSignal.timeout(timeoutSeconds * 1000)
    try {
      return await receive(open(outgoing, signal), outgoing.body)
    } catch (error) {
      // For a host with several addresses, only the inner errors have a message.
      const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error
      throw signal.aborted ? new Error(`no complete response within ${timeoutSeconds} s`) : cause
    }
  }

  const sendWithRetries = async (outgoing: Outgoing): Promise<Received> => {
    for (let repetition = 1; ; repetition += 1) {
      const response = await sendOnce(outgoing)
      const seconds = Number(response.headers['retry-after'])
      const mustWait = (response.status === 429 || response.status === 503) && seconds > 0
      if (!mustWait || seconds > maxRetrySeconds || repetition === maxRepetitions) return response
      onWait(seconds)
      await delay(seconds * 1000)
    }
  }

  return {
    send: async (outgoing) => {
      failuresInARow += 1
      const response = await sendWithRetries(outgoing)
      failuresInARow = 0
      onResponse(outgoing, response)
      return response
    },
    failuresInARow: () => failuresInARow,
    close: () => agent.destroy(),
  }
}

const receive = (request: ClientRequest, body: Buffer | undefined): Promise<Received> =>
  new Promise((resolve, reject) => {
    let hasResponse = false
    request.once('response', (response) => {
      hasResponse = true
      collect(response).then(resolve, reject)
    })
    request.once('upgrade', ({ statusCode }, socket) => {
      socket.destroy()
      reject(new Error(`the server switched to another protocol (${statusCode})`))
    })
    request.once('error', reject)
    request.once('close', () => {
      if (!hasResponse) reject(new Error('the connection was closed without a response'))
    })
    request.end(body)
  })

const collect = async (response: IncomingMessage): Promise<Received> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size > maxBodyBytes) throw new Error(`the response body is longer than ${maxBodyBytes} bytes`)
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }
}

/** The path of a base URL without trailing slashes. */
export const pathOf = (baseUrl: URL): string => baseUrl.pathname.replace(/\/+$/, '')

/** The host for programs: an IPv6 address without brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')

export const portOf = ({ port, protocol }: URL): number => Number(port) || (protocol === 'https:' ? 443 : 80)

/** Opens a connection and writes `bytes` before Node sends its request. */
const connectAndWrite = (bytes: string, isTls: boolean, host: string, port: number): ReturnType<typeof connect> => {
  const socket = isTls ? connectTls({ host, port, servername: host }) : connect({ host, port })
  socket.write(bytes)
  return socket
}
