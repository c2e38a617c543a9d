import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { atEnd } from './at-end.ts'

export interface Listening {
  readonly port: number
  /** The address of an HTTP server on this port. */
  readonly url: string
  /** Closes the server and its connections. Resolves when the port is free. */
  readonly close: () => Promise<void>
}

/** Lets a server listen on 127.0.0.1, at most until the end of the tests or of the proof.
 * @param port by default any free one */
export const listen = async (server: Server, port = 0): Promise<Listening> => {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const close = atEnd(async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  })
  const bound = (server.address() as AddressInfo).port
  return { port: bound, url: `http://127.0.0.1:${bound}`, close: async () => close() }
}

/** A port that no server uses at the moment. */
export const freePort = async (): Promise<number> => {
  const { port, close } = await listen(createServer())
  await close()
  return port
}
