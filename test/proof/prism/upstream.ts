// What stands behind the proxy: a server that answers request N as it was answered when it was recorded.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Answer } from './exchange.ts'

/** The header of a request that says which answer it is to get. */
export const numberHeader = 'x-recorded'

export type Upstream = Awaited<ReturnType<typeof openUpstream>>

/** @returns its URL; `play`, which takes an answer and gives the number to ask for it by; `wasAsked`, whether a
 * request for a number has arrived; and `stop` */
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
  // What the proxy has made no HTTP of, it hears about by the end of the connection.
  server.on('clientError', (_error, socket) => socket.destroy())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    play: (answer: Answer): number => answers.push(answer) - 1,
    wasAsked: (number: number): boolean => asked.has(number),
    stop: () => server.close(),
  }
}
