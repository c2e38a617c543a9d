import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
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

/** Sends requests to one server, one after the other over the same connection where the server allows it.
 * @throws Error when there is no answer in time */
export interface Exchange {
  readonly send: (outgoing: Outgoing) => Promise<Received>
  readonly close: () => void
}

const timeoutMilliseconds = 10_000

/** @param baseUrl http or https; a path in it goes before that of each request */
export const openExchange = (baseUrl: URL): Exchange => {
  const isTls = baseUrl.protocol === 'https:'
  const request = isTls ? httpsRequest : httpRequest
  const agent = isTls ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
  const host = baseUrl.hostname.replace(/^\[|\]$/g, '')
  const port = Number(baseUrl.port) || (isTls ? 443 : 80)

  const open = ({ method, path, headers, bytes }: Outgoing): ClientRequest =>
    request({
      host,
      port,
      method,
      path: `${pathOf(baseUrl)}${path}`,
      headers: headers.flat(),
      setHost: false,
      timeout: timeoutMilliseconds,
      ...(bytes === undefined ? { agent } : { createConnection: () => connectAndSay(bytes, isTls, host, port) }),
    })

  return {
    send: async (outgoing) => {
      const outgoingRequest = open(outgoing)
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        outgoingRequest.once('response', resolve)
        outgoingRequest.once('error', reject)
        outgoingRequest.once('timeout', () =>
          outgoingRequest.destroy(new Error(`no answer within ${timeoutMilliseconds / 1000} s`)),
        )
        outgoingRequest.end(outgoing.body)
      })
      const chunks: Buffer[] = []
      for await (const chunk of answer) chunks.push(chunk as Buffer)
      return {
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      }
    },
    close: () => agent.destroy(),
  }
}

/** The path of a base URL, without a slash at its end. */
export const pathOf = (baseUrl: URL): string => baseUrl.pathname.replace(/\/+$/, '')

/** A connection over which something was said already when Node sends its request. */
const connectAndSay = (bytes: string, isTls: boolean, host: string, port: number): ReturnType<typeof connect> => {
  const socket = isTls ? connectTls({ host, port, servername: host }) : connect({ host, port })
  socket.write(bytes)
  return socket
}
