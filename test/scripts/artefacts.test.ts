import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const copy = mkdtempSync(join(tmpdir(), 'sesame-artefacts-'))
const artefacts = join(copy, 'artefacts')
const contract = join(copy, 'openapi.yaml')
const collection = join(artefacts, 'sesame.postman_collection.json')

beforeEach(() => {
  rmSync(copy, { recursive: true, force: true })
  for (const part of ['scripts/artefacts.mjs', 'scripts/artefacts', 'artefacts', 'openapi.yaml', 'package.json']) {
    cpSync(part, join(copy, part), { recursive: true })
  }
  symlinkSync(join(process.cwd(), 'node_modules'), join(copy, 'node_modules'), 'junction')
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

const run = (...words: string[]) =>
  spawnSync(process.execPath, [join(copy, 'scripts', 'artefacts.mjs'), ...words], { encoding: 'utf8' })

const edit = (file: string, change: (text: string) => string) => writeFileSync(file, change(readFileSync(file, 'utf8')))

const withCrlf = (text: string) => text.replaceAll('\n', '\r\n')

const readAll = () => readdirSync(artefacts).map((name) => [name, readFileSync(join(artefacts, name), 'utf8')])

describe('npm run artefacts', () => {
  it('writes the same bytes again', () => {
    const before = readAll()
    expect(run().status).toBe(0)
    expect(readAll()).toEqual(before)
  })

  it('writes the same bytes from a contract with the line ends of Windows', () => {
    const before = readAll()
    edit(contract, withCrlf)
    expect(run().status).toBe(0)
    expect(readAll()).toEqual(before)
  })

  it('refuses an operation that it could not fill in', () => {
    edit(contract, (text) => text.replace('  /protected:', '  /protected/{id}:'))
    const { status, stderr } = run()
    expect(status).toBe(1)
    expect(stderr).toContain('/protected/{id}: nothing here fills in parameters of a path yet')
  })
})

describe('npm run artefacts -- --check', () => {
  it('passes what is current', () => {
    expect(run('--check')).toMatchObject({ status: 0, stderr: '' })
  })

  it('passes files with the line ends of Windows', () => {
    for (const name of readdirSync(artefacts)) edit(join(artefacts, name), withCrlf)
    edit(contract, withCrlf)
    expect(run('--check')).toMatchObject({ status: 0, stderr: '' })
  })

  const stale = 'artefacts/sesame.postman_collection.json is stale: run `npm run artefacts`.\n'

  it.each([
    ['one byte has changed', () => edit(collection, (text) => text.replace('noauth', 'noAuth'))],
    ['the file is missing', () => rmSync(collection)],
  ])('fails and says what to do when %s', (_title, spoil) => {
    spoil()
    expect(run('--check')).toMatchObject({ status: 1, stderr: stale })
  })

  it('fails when the contract has changed', () => {
    edit(contract, (text) => text.replace('summary: Create an account', 'summary: Create an Account'))
    const { status, stderr } = run('--check')
    expect(status).toBe(1)
    expect(stderr).toBe(`${stale}${stale.replace('sesame.postman_collection', 'thunder-collection_sesame')}`)
  })
})
