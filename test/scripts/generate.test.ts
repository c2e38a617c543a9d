import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commonHeaders } from '../../scripts/generate/common-headers.mjs'

const types = 'src/contract/generated.ts'
const collection = 'contract/collections/sesame.postman_collection.json'
const environment = 'contract/collections/sesame.postman_environment.json'
const settings = ['docs/settings.md', '.env.example']
const generated = [
  types,
  ...readdirSync('contract/collections').map((name) => `contract/collections/${name}`),
  ...settings,
]
const scripts = ['scripts/generate.mjs', 'scripts/generate', 'scripts/operations.mjs', 'scripts/references.mjs']
const sources = ['openapi.yaml', 'package.json', 'src/settings.ts', '.prettierrc.json']

let copy = ''
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'sesame-generate-'))
  for (const part of [...scripts, ...generated, ...sources]) cpSync(part, join(copy, part), { recursive: true })
  symlinkSync(join(process.cwd(), 'node_modules'), join(copy, 'node_modules'), 'junction')
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

const edit = (file: string, change: (text: string) => string) =>
  writeFileSync(join(copy, file), change(readFileSync(join(copy, file), 'utf8')))

const readAll = (folder: string) =>
  Object.fromEntries(['openapi.yaml', ...generated].map((file) => [file, readFileSync(join(folder, file), 'utf8')]))

const generate = (...words: string[]) => {
  // Node 26 warns when the converter's packages look for a browser's storage.
  const line = ['--disable-warning=ExperimentalWarning', join(copy, 'scripts', 'generate.mjs'), ...words]
  const { status, stderr } = spawnSync(process.execPath, line, { encoding: 'utf8' })
  return { status, stderr }
}

test('writes whatever is missing, was edited or has become stale, byte for byte as it is in the project', () => {
  const written = new RegExp(`^ +(${commonHeaders.join('|')}):\\n +\\$ref: .*\\n`, 'gm')
  edit('openapi.yaml', (text) => text.replaceAll(written, ''))
  edit(types, (text) => `${text}// by hand\n`)
  edit(collection, (text) => text.replace('noauth', 'noAuth'))
  rmSync(join(copy, environment))
  edit('src/settings.ts', (text) => text.replace('default: 8000', 'default: 8080'))
  const stale = ['openapi.yaml', types, collection, environment, ...settings]
  expect(generate('--check')).toEqual({
    status: 1,
    stderr: stale.map((file) => `${file} is out of date: run \`npm run generate\`.\n`).join(''),
  })

  expect(generate()).toEqual({ status: 0, stderr: '' })
  const inCopy = readAll(copy)
  expect(inCopy['docs/settings.md']).toMatch(/^\| `PORT` +\| `8080` +\|/m)
  expect(inCopy['.env.example']).toContain('\n# PORT=8080\n')
  const toDefault = (text = ''): string => text.replaceAll('8080', '8000')
  const restored = Object.fromEntries(settings.map((file) => [file, toDefault(inCopy[file])]))
  expect({ ...inCopy, ...restored }).toEqual(readAll('.'))
})

test('accepts files with CRLF, and keeps the CRLF of the contract', () => {
  cpSync('src/settings.ts', join(copy, 'src/settings.ts'))
  for (const file of settings) cpSync(file, join(copy, file))
  const withCrlf = (text: string) => text.replaceAll('\n', '\r\n')
  for (const file of ['openapi.yaml', ...generated]) edit(file, withCrlf)
  expect(generate('--check')).toEqual({ status: 0, stderr: '' })

  expect(generate()).toEqual({ status: 0, stderr: '' })
  const { 'openapi.yaml': contract = '', ...files } = readAll('.')
  expect(readAll(copy)).toEqual({ 'openapi.yaml': withCrlf(contract), ...files })
})
