import { createServer, type IncomingMessage, request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { listen } from './listen.ts'

/** A response on its way to the client. A fault may change it. */
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

/** Starts a proxy that passes every request to a service, repeated headers included, and plants a fault in responses.
 * @param url of the service
 * @param plant changes the response
 * @param prefix of the paths that the proxy passes on. It removes the prefix.
 * @returns the URL of the proxy */
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
  return (await listen(server)).url
}
