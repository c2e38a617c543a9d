import { appendFileSync } from 'node:fs'
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { join } from 'node:path'

/** A request as it was handed to node:http. */
interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: OutgoingHttpHeaders | readonly string[]
  readonly body: string | Uint8Array | undefined
}

interface Jest {
  readonly expect?: { readonly getState: () => { readonly currentTestName?: string } }
}

// Where a folder is named, the requests of the tests and their answers are kept there, for `npm run proof -- prism`.
const keep = (entry: object): void => {
  const folder = process.env.SESAME_RECORD
  if (!folder) return
  // A proof runs without Jest.
  const { expect } = globalThis as Jest
  const line = JSON.stringify({ test: expect?.getState().currentTestName, ...entry })
  appendFileSync(join(folder, `${process.pid}.ndjson`), `${line}\n`)
}

const base64 = (bytes: string | Uint8Array = ''): string => Buffer.from(bytes as string).toString('base64')

export const noteExchange = ({ body, ...request }: Asked, response: IncomingMessage, answer: Buffer): void =>
  keep({
    request: { ...request, body: body === undefined ? undefined : base64(body) },
    answer: { status: response.statusCode, headers: response.rawHeaders, body: base64(answer) },
  })

/** Bytes sent as they are, no client's request, are kept by the name of their test alone. */
export const noteRaw = (): void => keep({})
