import { appendFileSync } from 'node:fs'
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { join } from 'node:path'

/** A request as node:http received it. */
interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: OutgoingHttpHeaders | readonly string[]
  readonly body: string | Uint8Array | undefined
}

interface Jest {
  readonly expect?: { readonly getState: () => { readonly currentTestName?: string } }
}

// With SESAME_RECORD, the tests record their requests and responses in that folder, for `npm run proof -- prism`.
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

/** Records that a test writes its own bytes to a socket. Only the name of the test is recorded. */
export const noteRaw = (): void => keep({})
