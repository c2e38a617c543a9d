import { createServer } from 'node:http'
import { listen } from '../support/listen.ts'

export interface PageServer {
  readonly port: number
  readonly stop: () => Promise<void>
}

const page = '<!doctype html><html lang="en"><head><title>Front end</title></head><body></body></html>'

/** Serves an empty page at every path of a port: the front end of someone else, as the service sees it. */
export const startPageServer = async (): Promise<PageServer> => {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(page)
  })
  const { port, close } = await listen(server)
  return { port, stop: close }
}
