import { createServer, type IncomingMessage, request as httpRequest } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { atEnd } from './at-end.ts'

/** An answer on its way, which a fault may change. */
export interface Passing {
  readonly request: IncomingMessage
  status: number
  readonly headers: Record<string, string | string[] | undefined>
  body: string
}

/** Changes the members of a JSON body. */
export const json = (passing: Passing, change: (members: any) => unknown): void => {
  if (!passing.body.startsWith('{')) return
  const members = JSON.parse(passing.body) as unknown
  change(members)
  passing.body = JSON.stringify(members)
}

/** A server in front of a service, which passes everything on, repeated headers too, and plants a fault in answers.
 * @param url of the service
 * @param plant changes what it is given
 * @param prefix of the paths that it passes on, which the service does not see
 * @returns the url of the front */
export const startFront = async (url: string, plant: (passing: Passing) => unknown, prefix = ''): Promise<string> => {
  const { hostname, port } = new URL(url)
  const server = createServer((incoming, outgoing) => {
    const { method, rawHeaders } = incoming
    const path = incoming.url?.startsWith(prefix) ? incoming.url.slice(prefix.length) : '/not-passed-on'
    const passed = httpRequest(
      { host: hostname, port, method, path, headers: rawHeaders, agent: false },
      (answer) =>
        void text(answer).then((body) => {
          const headers = { ...answer.headers }
          delete headers['content-length']
          const passing = { request: incoming, status: answer.statusCode ?? 0, headers, body }
          plant(passing)
          outgoing.writeHead(passing.status, headers as Record<string, string>)
          outgoing.end(passing.body)
        }),
    )
    passed.on('error', () => outgoing.destroy())
    incoming.pipe(passed)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  atEnd(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
