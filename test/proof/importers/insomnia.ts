// Insomnia's importer converts the contract. Only the app could run the result.
import { root } from '../../support/process.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome } from './client.ts'
import { findFaults, type ImportedRequest, readExpected } from './contract.ts'
import type { Programs } from './programs.ts'

const form = 'application/x-www-form-urlencoded'

/** A request in Insomnia's format. */
interface Resource {
  readonly _type: string
  readonly name: string
  readonly body: { readonly mimeType?: string; readonly text?: string }
  readonly authentication: { readonly type?: string; readonly grantType?: string; readonly accessTokenUrl?: string }
}

/** Imports the contract, and compares the result with it. */
export const importContract = async (programs: Programs): Promise<Outcome> => {
  const text = readFileSync(join(root, 'openapi.yaml'), 'utf8')
  const { data } = await programs.load('insomnia-importers').convert(text)
  const requests = (data.resources as readonly Resource[]).filter(({ _type }) => _type === 'request')
  const expected = readExpected(text)
  const forms = requests.filter(({ body }) => body.mimeType === form).map(({ name }) => name)
  // The importer reads JSON only. Of a form it keeps the media type alone.
  const importable = expected.requests.map((request) =>
    forms.includes(request.name) ? { ...request, body: undefined } : request,
  )
  return {
    requests: requests.length,
    tests: 0,
    failed: findFaults({ ...expected, requests: importable }, requests.map(readRequest)),
  }
}

const readRequest = ({ name, body, authentication }: Resource): ImportedRequest => ({
  name,
  body: body.text && JSON.parse(body.text),
  auth: authentication.type && { flow: authentication.grantType, tokenUrl: authentication.accessTokenUrl },
})
