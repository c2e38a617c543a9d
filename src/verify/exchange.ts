import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import type { Answer } from '../contract/conformance.ts'

/** Names and values, in order. */
export type Headers = readonly (readonly [name: string, value: string])[]

/** A request as it goes over the wire. A header may stand there twice; there are none but those given. */
export interface Outgoing {
  readonly method: string
  readonly path: string
  readonly headers: Headers
  readonly body?: Buffer | undefined
  /** Sent instead of all that: bytes that are no HTTP. */
  readonly bytes?: string | undefined
}

/** An answer with the whole of its body. */
export interface Received extends Answer {
  readonly body: string
}

/** @throws Error when there is no whole answer in time */
export type Send = (outgoing: Outgoing) => Promise<Received>

/** Sends requests to one server, one after the other over the same connection where the server allows it. What is
 * answered 429 or 503 with Retry-After is sent again after that time, a few times. */
export interface Exchange {
  readonly send: Send
  readonly close: () => void
}

const maxBodyBytes = 2 ** 20
const maxRepetitions = 5
const maxRetrySeconds = 30

export interface ExchangeOptions {
  /** http or https; a path in it goes before that of each request. */
  readonly baseUrl: URL
  /** How long an answer may take, to its last byte. */
  readonly timeoutSeconds: number
  /** Is told for how many seconds is waited before a request is sent again. */
  readonly onWait: (seconds: number) => void
}

export const openExchange = ({ baseUrl, timeoutSeconds, onWait }: ExchangeOptions): Exchange => {
  const isTls = baseUrl.protocol === 'https:'
  const request = isTls ? httpsRequest : httpRequest
  const agent = isTls ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
  const host = hostOf(baseUrl)
  const port = portOf(baseUrl)

  const open = ({ method, path, headers, bytes }: Outgoing, signal: AbortSignal): ClientRequest =>
    request({
      host,
      port,
      method,
      path: `${pathOf(baseUrl)}${path}`,
      headers: headers.flat(),
      setHost: false,
      signal,
      ...(bytes === undefined ? { agent } : { createConnection: () => connectAndSay(bytes, isTls, host, port) }),
    })

  const sendOnce = async (outgoing: Outgoing): Promise<Received> => {
    const signal = AbortSignal.timeout(timeoutSeconds * 1000)
    try {
      return await receive(open(outgoing, signal), outgoing.body)
    } catch (error) {
      throw signal.aborted ? new Error(`no whole answer within ${timeoutSeconds} s`) : error
    }
  }

  return {
    send: async (outgoing) => {
      for (let repetition = 1; ; repetition += 1) {
        const answer = await sendOnce(outgoing)
        const seconds = Number(answer.headers['retry-after'])
        const asksToWait = (answer.status === 429 || answer.status === 503) && seconds > 0
        if (!asksToWait || seconds > maxRetrySeconds || repetition === maxRepetitions) return answer
        onWait(seconds)
        await delay(seconds * 1000)
      }
    },
    close: () => agent.destroy(),
  }
}

const receive = (request: ClientRequest, body: Buffer | undefined): Promise<Received> =>
  new Promise((resolve, reject) => {
    let isAnswered = false
    request.once('response', (answer) => {
      isAnswered = true
      collect(answer).then(resolve, reject)
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

const collect = async (answer: IncomingMessage): Promise<Received> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size > maxBodyBytes) throw new Error(`the body of the answer is longer than ${maxBodyBytes} bytes`)
  }
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString('utf8') }
}

/** The path of a base URL, without a slash at its end. */
export const pathOf = (baseUrl: URL): string => baseUrl.pathname.replace(/\/+$/, '')

/** The host as programs take it: an IPv6 address without its brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')

export const portOf = ({ port, protocol }: URL): number => Number(port) || (protocol === 'https:' ? 443 : 80)

/** A connection over which something was said already when Node sends its request. */
const connectAndSay = (bytes: string, isTls: boolean, host: string, port: number): ReturnType<typeof connect> => {
  const socket = isTls ? connectTls({ host, port, servername: host }) : connect({ host, port })
  socket.write(bytes)
  return socket
}
