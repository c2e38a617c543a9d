// Sends HTTP requests over a bare keep-alive socket, which uses less CPU time than an HTTP client.
import { once } from 'node:events'
import { connect } from 'node:net'

/** Opens a connection to a server on this machine.
 * @returns `exchange`, which sends one request at a time and resolves to the response, `{ status, body }`, and
 * `close` */
export const openConnection = async (port) => {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  await once(socket, 'connect')
  let received = ''
  let waiting
  const fail = (error) => waiting?.reject(error ?? new Error('The server closed the connection'))
  socket.setEncoding('latin1')
  socket.on('error', fail)
  socket.on('close', () => fail())
  socket.on('data', (text) => {
    received += text
    try {
      const response = readResponse(received)
      if (!response) return
      received = ''
      waiting.resolve(response)
    } catch (error) {
      fail(error)
    }
  })
  return {
    exchange: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        socket.write(request)
      }),
    close: () => socket.destroy(),
  }
}

/** Parses a response. Undefined while it is incomplete. The text has one character per byte. */
const readResponse = (text) => {
  const endOfHead = text.indexOf('\r\n\r\n')
  if (endOfHead < 0) return undefined
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, endOfHead))?.[1]
  if (length === undefined) throw new Error('The load generator only supports responses with a Content-Length')
  const start = endOfHead + 4
  const end = start + Number(length)
  if (text.length < end) return undefined
  return { status: Number(text.slice(9, 12)), body: text.slice(start, end) }
}
