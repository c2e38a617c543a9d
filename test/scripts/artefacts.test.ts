import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createProjectCopy } from './project-copy.ts'

let copy: ReturnType<typeof createProjectCopy>
beforeEach(() => {
  copy = createProjectCopy()
})
afterEach(() => copy.remove())

const edit = (file: string, change: (text: string) => string) => writeFileSync(file, change(readFileSync(file, 'utf8')))

const collection = () => join(copy.artefacts, 'sesame.postman_collection.json')

const withCrlf = (text: string) => text.replaceAll('\n', '\r\n')

const readAll = () =>
  readdirSync(copy.artefacts).map((name) => [name, readFileSync(join(copy.artefacts, name), 'utf8')])

describe('npm run artefacts', () => {
  it('writes the same bytes again', () => {
    const before = readAll()
    expect(copy.run().status).toBe(0)
    expect(readAll()).toEqual(before)
  })

  it('writes the same bytes from a contract with the line ends of Windows', () => {
    const before = readAll()
    edit(copy.contract, withCrlf)
    expect(copy.run().status).toBe(0)
    expect(readAll()).toEqual(before)
  })
})

describe('npm run artefacts -- --check', () => {
  it('passes what is current', () => {
    expect(copy.run('--check')).toMatchObject({ status: 0, stderr: '' })
  })

  it('passes files with the line ends of Windows', () => {
    for (const name of readdirSync(copy.artefacts)) edit(join(copy.artefacts, name), withCrlf)
    edit(copy.contract, withCrlf)
    expect(copy.run('--check')).toMatchObject({ status: 0, stderr: '' })
  })

  const stale = 'artefacts/sesame.postman_collection.json is stale: run `npm run artefacts`.\n'

  it.each([
    ['one byte has changed', () => edit(collection(), (text) => text.replace('noauth', 'noAuth'))],
    ['the file is missing', () => rmSync(collection())],
  ])('fails and says what to do when %s', (_title, spoil) => {
    spoil()
    expect(copy.run('--check')).toMatchObject({ status: 1, stderr: stale })
  })

  it('fails when the contract has changed', () => {
    edit(copy.contract, (text) => text.replace('summary: Create an account', 'summary: Create an Account'))
    const { status, stderr } = copy.run('--check')
    expect(status).toBe(1)
    expect(stderr).toBe(`${stale}${stale.replace('sesame.postman_collection', 'thunder-collection_sesame')}`)
  })
})
