import { createServer } from 'node:http'
import { listen } from '../support/listen.ts'

export interface PageServer {
  readonly port: number
  readonly stop: () => Promise<void>
}

const emptyPage = '<!doctype html><html lang="en"><head><title>Front end</title></head><body></body></html>'

/** Serves a page, an empty one by default, at every path of a free port. */
export const startPageServer = async (html = emptyPage): Promise<PageServer> => {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(html)
  })
  const { port, close } = await listen(server)
  return { port, stop: close }
}
