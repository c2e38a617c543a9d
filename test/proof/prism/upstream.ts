// Starts the server behind the proxy. It responds to request N with the recorded response N.
import { createServer } from 'node:http'
import { listen } from '../../support/listen.ts'
import type { Answer } from './exchange.ts'

/** The request header with the number of the response. */
export const numberHeader = 'x-recorded'

export type Upstream = Awaited<ReturnType<typeof openUpstream>>

/** @returns the URL; `add`, which adds a response and returns its number; `wasAsked`, which tells whether a request
 * with a number has arrived; and `stop` */
export const openUpstream = async () => {
  const answers: Answer[] = []
  const asked = new Set<number>()
  const server = createServer((request, response) => {
    const number = Number(request.headers[numberHeader])
    asked.add(number)
    const { status, headers, body } = answers[number] as Answer
    response.sendDate = false
    response.writeHead(status, [...headers])
    response.end(body)
  })
  // Where the proxy does not send HTTP, its connection is closed.
  server.on('clientError', (_error, socket) => socket.destroy())
  const { url, close } = await listen(server)
  return {
    url,
    add: (answer: Answer): number => answers.push(answer) - 1,
    wasAsked: (number: number): boolean => asked.has(number),
    stop: close,
  }
}
