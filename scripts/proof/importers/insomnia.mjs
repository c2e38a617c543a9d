// Insomnia: its importer converts the contract. What it makes cannot be run without the app.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../server.mjs'
import { findFaults, readExpected } from './contract.mjs'

const form = 'application/x-www-form-urlencoded'

/** @returns how many requests were imported, and the faults */
export const importContract = async (programs) => {
  const text = readFileSync(join(root, 'openapi.yaml'), 'utf8')
  const { data } = await programs.load('insomnia-importers').convert(text)
  const requests = data.resources.filter(({ _type }) => _type === 'request')
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

const readRequest = ({ name, body, authentication }) => ({
  name,
  body: body.text && JSON.parse(body.text),
  auth: authentication.type && { flow: authentication.grantType, tokenUrl: authentication.accessTokenUrl },
})
