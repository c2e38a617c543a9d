// Insomnia: its importer converts the contract. What it makes cannot be run without the app.
import { root } from '../../support/process.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome } from './client.ts'
import { findFaults, type ImportedRequest, readExpected } from './contract.ts'
import type { Programs } from './programs.ts'

const form = 'application/x-www-form-urlencoded'

/** A request as Insomnia has it. */
interface Resource {
  readonly _type: string
  readonly name: string
  readonly body: { readonly mimeType?: string; readonly text?: string }
  readonly authentication: { readonly type?: string; readonly grantType?: string; readonly accessTokenUrl?: string }
}

/** @returns how many requests were imported, and the faults */
export const importContract = async (programs: Programs): Promise<Outcome> => {
  const text = readFileSync(join(root, 'openapi.yaml'), 'utf8')
  const { data } = await programs.load('insomnia-importers').convert(text)
  const requests = (data.resources as readonly Resource[]).filter(({ _type }) => _type === 'request')
  const expected = readExpected(text)
  const forms = requests.filter(({ body }) => body.mimeType === form).map(({ name }) => name)
  // The importer knows only JSON: of a form it says nothing but the media type, whatever the contract has.
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
