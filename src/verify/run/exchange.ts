import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import type { HttpResponse } from '../../contract/conformance.ts'

/** Names and values, in order. */
export type Headers = readonly (readonly [name: string, value: string])[]

/** A request. The exchange adds Host and Content-Length, and no other header. A header may occur twice. */
export interface Outgoing {
  readonly method: string
  readonly path: string
  readonly headers: Headers
  readonly body?: Buffer | undefined
  /** Sent instead of all the above: bytes that are not HTTP. */
  readonly bytes?: string | undefined
}

/** A response with its whole body. */
export interface Received extends HttpResponse {
  readonly body: string
}

/** @throws Error when the whole response does not arrive in time */
export type Send = (outgoing: Outgoing) => Promise<Received>

/** Sends requests to one server, one after the other, over the same connection where the server allows it. If a response
 * has the status 429 or 503 and Retry-After, the request is sent again after that time, a few times. */
export interface Exchange {
  readonly send: Send
  /** How many requests in a row have had no response by now. */
  readonly unanswered: () => number
  readonly close: () => void
}

const maxBodyBytes = 2 ** 20
const maxRepetitions = 5
const maxRetrySeconds = 30

export interface ExchangeOptions {
  /** http or https. Its path goes before the path of each request. */
  readonly baseUrl: URL
  /** How long a response may take, to its last byte. */
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
  let unanswered = 0

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
      // The error of a host with several addresses has no message of its own.
      const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error
      throw signal.aborted ? new Error(`no whole answer within ${timeoutSeconds} s`) : cause
    }
  }

  const sendPatiently = async (outgoing: Outgoing): Promise<Received> => {
    for (let repetition = 1; ; repetition += 1) {
      const response = await sendOnce(outgoing)
      const seconds = Number(response.headers['retry-after'])
      const asksToWait = (response.status === 429 || response.status === 503) && seconds > 0
      if (!asksToWait || seconds > maxRetrySeconds || repetition === maxRepetitions) return response
      onWait(seconds)
      await delay(seconds * 1000)
    }
  }

  return {
    send: async (outgoing) => {
      unanswered += 1
      const response = await sendPatiently(outgoing)
      unanswered = 0
      onResponse(outgoing, response)
      return response
    },
    unanswered: () => unanswered,
    close: () => agent.destroy(),
  }
}

const receive = (request: ClientRequest, body: Buffer | undefined): Promise<Received> =>
  new Promise((resolve, reject) => {
    let isAnswered = false
    request.once('response', (response) => {
      isAnswered = true
      collect(response).then(resolve, reject)
    })
    request.once('upgrade', ({ statusCode }, socket) => {
      socket.destroy()
      reject(new Error(`the server went over to another protocol (${statusCode})`))
    })
    request.once('error', reject)
    request.once('close', () => {
      if (!isAnswered) reject(new Error('the connection was closed without an answer'))
    })
    request.end(body)
  })

const collect = async (response: IncomingMessage): Promise<Received> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size > maxBodyBytes) throw new Error(`the body of the answer is longer than ${maxBodyBytes} bytes`)
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }
}

/** The path of a base URL without a slash at its end. */
export const pathOf = (baseUrl: URL): string => baseUrl.pathname.replace(/\/+$/, '')

/** The host as programs take it: an IPv6 address loses its brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')

export const portOf = ({ port, protocol }: URL): number => Number(port) || (protocol === 'https:' ? 443 : 80)

/** Opens a connection and writes `bytes` before Node sends its request. */
const connectAndWrite = (bytes: string, isTls: boolean, host: string, port: number): ReturnType<typeof connect> => {
  const socket = isTls ? connectTls({ host, port, servername: host }) : connect({ host, port })
  socket.write(bytes)
  return socket
}
