import { createServer, type RequestListener } from 'node:http'
import { listen } from './listen.ts'

/** Starts a server that handles every request with one listener. It stands for a proxy or for another service.
 * @returns its URL */
export const startAnsweringServer = async (listener: RequestListener): Promise<string> =>
  (await listen(createServer(listener))).url
