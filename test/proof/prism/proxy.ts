// Installs prism, and runs its proxy in another process.
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { type Program, startProgram } from '../../support/process.ts'
import { installPackages } from '../npm.ts'
import type { Asked } from './exchange.ts'

const version = '5.14.2'
const answerMilliseconds = 20_000

export interface Carried {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

export interface Prism {
  readonly version: string
  readonly restarts: () => number
  /** Resolves to undefined where prism gave no response. Prism is restarted then. */
  readonly send: (request: Asked) => Promise<Carried | undefined>
  readonly stop: () => Promise<void>
}

/** Installs prism and starts `prism proxy`. The proxy also passes on requests that are not valid, and lists all
 * violations of the contract in a header of the response. */
export const openPrism = async (contract: string, upstreamUrl: string): Promise<Prism> => {
  const folder = installPackages({ '@stoplight/prism-cli': version })
  const script = join(folder, 'node_modules', '@stoplight', 'prism-cli', 'dist', 'index.js')
  // Without prism's own CORS, preflight requests go through, too.
  const args = [script, 'proxy', contract, upstreamUrl, '--port', '0', '--cors', 'false', '--multiprocess', 'false']
  const start = async (): Promise<{ readonly program: Program; readonly port: number }> => {
    const program = startProgram(process.execPath, args, { cwd: folder })
    const listening = await program.says(/listening on http:\/\/[^:]+:(\d+)/)
    return { program, port: Number(listening?.[1]) }
  }
  let prism = await start()
  let restarts = 0
  return {
    version,
    restarts: () => restarts,
    send: async (request) => {
      try {
        return await sendTo(prism.port, request)
      } catch {
        // Some requests end prism, and others hang. The cause may also be the request before.
        await prism.program.stop()
        prism = await start()
        restarts += 1
        return undefined
      }
    },
    stop: () => prism.program.stop(),
  }
}

/** Sends a request, and returns the response as bytes. The client of the tests reads text. */
const sendTo = (port: number, { body, ...request }: Asked): Promise<Carried> =>
  new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, ...request, agent: false, timeout: answerMilliseconds }
    const outgoing = httpRequest(options, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.once('error', reject)
      answer.once('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
      )
    })
    outgoing.once('timeout', () => outgoing.destroy(new Error('No answer in time')))
    outgoing.once('error', reject)
    outgoing.end(body)
  })
