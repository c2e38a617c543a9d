// A keep-alive connection on a bare socket: cheaper for the load generator than an HTTP client, with a clock of microseconds.
import { once } from 'node:events'
import { connect } from 'node:net'

/** Opens a connection to a server on this machine.
 * @returns `exchange`: sends a request and resolves to the response, `{ status, body }`; one at a time */
export const openConnection = async (port) => {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  await once(socket, 'connect')
  let received = ''
  let waiting
  const fail = (error) => waiting?.reject(error ?? new Error('The server has closed the connection'))
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

/** Undefined while the response is not complete. The text has one character for each byte. */
const readResponse = (text) => {
  const endOfHead = text.indexOf('\r\n\r\n')
  if (endOfHead < 0) return undefined
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, endOfHead))?.[1]
  if (length === undefined) throw new Error('The load generator reads only responses with a Content-Length')
  const start = endOfHead + 4
  const end = start + Number(length)
  if (text.length < end) return undefined
  return { status: Number(text.slice(9, 12)), body: text.slice(start, end) }
}
