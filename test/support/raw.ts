import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Received } from './contract-client.ts'
import { noteRaw } from './recorder.ts'

/** A connection for bytes that no HTTP client would send. */
export interface RawConnection {
  readonly socket: Socket
  /** Everything that the server sends until it closes the connection. */
  readonly answer: Promise<string>
}

export const openRaw = async (port: number): Promise<RawConnection> => {
  noteRaw()
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  const answer = new Promise<string>((resolve, reject) => {
    socket.on('error', reject)
    socket.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
  })
  // Some tests do not wait for the response.
  answer.catch(() => undefined)
  await once(socket, 'connect')
  return { socket, answer }
}

/** Sends bytes, and returns the response. The server must close the connection. */
export const sendRaw = async (port: number, bytes: string): Promise<Received> => {
  const { socket, answer } = await openRaw(port)
  socket.write(bytes)
  return parseAnswer(await answer)
}

export const parseAnswer = (answer: string): Received => {
  const [head = '', text = ''] = answer.split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const headers = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 2),
  ])
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(headers),
    text,
    json: text === '' ? undefined : JSON.parse(text),
  }
}
