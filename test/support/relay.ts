import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A network between a client and a server, which can fail. */
export interface Relay {
  readonly port: number
  /** Resets all connections, and refuses others. */
  readonly cut: () => Promise<void>
  /** Takes what is sent, and passes nothing on, as a server that stands still does. */
  readonly freeze: () => void
  /** Undoes either. */
  readonly mend: () => Promise<void>
}

export const openRelay = async (host: string, port: number): Promise<Relay> => {
  const sockets = new Set<Socket>()
  let isFrozen = false
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    if (isFrozen) socket.pause()
    // The other end says why.
    socket.on('error', () => undefined)
    return socket.once('close', () => sockets.delete(socket))
  }
  const server = createServer((near) => {
    const far = keep(connect(port, host))
    keep(near)
    near.on('data', (bytes) => far.write(bytes)).once('close', () => far.destroy())
    far.on('data', (bytes) => near.write(bytes)).once('close', () => near.destroy())
    if (isFrozen) for (const socket of [near, far]) socket.pause()
  })
  const listen = async (at: number): Promise<number> => {
    server.listen(at, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const open = await listen(0)

  return {
    port: open,
    cut: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.resetAndDestroy()
      await closed
    },
    freeze: () => {
      isFrozen = true
      for (const socket of sockets) socket.pause()
    },
    mend: async () => {
      isFrozen = false
      for (const socket of sockets) socket.resume()
      if (!server.listening) await listen(open)
    },
  }
}
