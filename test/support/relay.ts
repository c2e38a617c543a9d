import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { listen } from './listen.ts'

/** A TCP proxy that stands for a network. It can fail. */
export interface Relay {
  readonly port: number
  /** Resets all connections, and refuses new ones. */
  readonly cut: () => Promise<void>
  /** Accepts bytes and passes none on, like a server that hangs. */
  readonly freeze: () => void
  /** Undoes `cut` and `freeze`. */
  readonly mend: () => Promise<void>
}

/** Opens a relay to a server. */
export const openRelay = async (host: string, port: number): Promise<Relay> => {
  const sockets = new Set<Socket>()
  let isFrozen = false
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    if (isFrozen) socket.pause()
    // The other end reports the error.
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
  const { port: own } = await listen(server)

  return {
    port: own,
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
      if (!server.listening) await listen(server, own)
    },
  }
}
