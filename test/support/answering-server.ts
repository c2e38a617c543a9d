import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from '@jest/globals'

const running = new Set<() => void>()
afterAll(() => running.forEach((stop) => stop()))

/** Starts a server that answers everything as told, as what stands between a client and the service may.
 * @returns its URL */
export const startAnsweringServer = async (answer: RequestListener): Promise<string> => {
  const server = createServer(answer)
  running.add(() => {
    server.close()
    server.closeAllConnections()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
