import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import yaml from 'js-yaml'
import { createProjectCopy } from './project-copy.ts'
import { smallContract } from './small-contract.ts'

const copy = createProjectCopy()
afterAll(() => copy.remove())

interface Field {
  readonly key: string
  readonly value: string
  readonly disabled: boolean
  readonly description?: string
}
interface Item {
  readonly id: string
  readonly name: string
  readonly event: readonly [{ readonly script: { readonly exec: readonly string[] } }]
  readonly request: {
    readonly auth: { readonly type: string }
    readonly body?: { readonly raw?: string; readonly urlencoded?: readonly Field[] }
    readonly url: { readonly raw: string; readonly query: readonly Field[]; readonly variable: readonly Field[] }
  }
  readonly response: readonly { readonly code: number; readonly header: readonly Field[]; readonly body?: string }[]
}
interface Thunder {
  readonly requests: readonly { readonly name: string }[]
}

const generate = () => expect(copy.run()).toMatchObject({ status: 0, stderr: '' })
const write = (document: object) => writeFileSync(copy.contract, JSON.stringify(document))
const readText = (name: string) => readFileSync(join(copy.artefacts, name), 'utf8')
const readItems = (name: string) => (JSON.parse(readText(name)) as { readonly item: readonly Item[] }).item
const readAll = () => readdirSync(copy.artefacts).map((name) => [name, readText(name)])

const find = (items: readonly Item[], name: string) => {
  const found = items.find((item) => item.name === name)
  if (found === undefined) throw new Error(`There is no request "${name}".`)
  return found
}

/** Whatever stands as the value of an example, as JSON. */
const listExamples = (node: unknown): readonly string[] => {
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) => [
    ...(key === 'value' || key === 'example' ? [JSON.stringify(value)] : []),
    ...listExamples(value),
  ])
}

describe('the Postman collection', () => {
  const file = 'sesame.postman_collection.json'
  let items: readonly Item[]
  beforeAll(() => {
    generate()
    items = readItems(file)
  })

  it('has an answer for each status, with an example of the contract and no header but its media type', () => {
    const document = yaml.load(readFileSync(copy.contract, 'utf8')) as { readonly paths: object }
    const statuses = Object.values(document.paths).flatMap((operations: Record<string, { responses: object }>) =>
      Object.values(operations).flatMap(({ responses }) => Object.keys(responses).map(Number)),
    )
    const answers = items.flatMap(({ response }) => response)
    expect(answers.map(({ code }) => code)).toEqual(statuses)
    const examples = listExamples(document)
    for (const { header, body = '' } of answers) {
      expect(examples).toContain(JSON.stringify(JSON.parse(body)))
      expect(header.map(({ key }) => key)).toEqual(['Content-Type'])
    }
  })

  it('sends the credentials as variables, and leaves optional fields to be switched on', () => {
    expect(find(items, 'Create an account').request.body?.raw).toBe(
      '{\n  "username": "{{username}}",\n  "password": "{{password}}"\n}',
    )
    const fields = find(items, 'Log in').request.body?.urlencoded ?? []
    expect(fields.map(({ key, value, disabled }) => [key, value, disabled])).toEqual([
      ['username', '{{username}}', false],
      ['password', '{{password}}', false],
      ['grant_type', 'password', true],
      ['scope', '', true],
      ['refresh_token', '', true],
      ['client_id', 'public', true],
      ['client_secret', '', true],
    ])
  })

  it('sends the token where it is asked for, and nowhere else', () => {
    const sending = items.filter(({ request }) => request.auth.type !== 'noauth')
    expect(sending.map(({ name }) => name)).toEqual(['Greet the bearer of a token', 'Log out'])
    for (const { request } of sending) {
      expect(request.auth).toEqual({
        type: 'bearer',
        bearer: [{ key: 'token', value: '{{accessToken}}', type: 'string' }],
      })
    }
  })

  it('has no id twice', () => {
    const ids = [...readText(file).matchAll(/"id": "(.*)"/g)].map(([, id]) => id)
    expect(ids.length).toBeGreaterThan(items.length)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('is read in a moment', () => {
    expect(statSync(join(copy.artefacts, file)).size).toBeLessThan(150_000)
  })
})

describe('the collections of a contract of another kind', () => {
  let items: readonly Item[]
  let thunder: Thunder
  beforeAll(() => {
    write(smallContract)
    generate()
    items = readItems('small.postman_collection.json')
    thunder = JSON.parse(readText('thunder-collection_small.json')) as Thunder
  })

  it('are the same bytes again, although values without an example could be made up', () => {
    const before = readAll()
    generate()
    expect(readAll()).toEqual(before)
  })

  it('keep the order of the contract, whatever the paths and the tags are', () => {
    const names = ['List things', 'Log in', 'Remove a part']
    expect(items.map(({ name }) => name)).toEqual(names)
    expect(thunder.requests.map(({ name }) => name)).toEqual(names)
  })

  it('fill in the parameters of a path', () => {
    const { url } = find(items, 'Remove a part').request
    expect(url.raw).toBe('{{baseUrl}}/things/:thing/parts/:part')
    expect(url.variable).toMatchObject([
      { key: 'thing', value: 'one thing' },
      { key: 'part', value: '7' },
    ])
    expect(thunder.requests[2]).toMatchObject({ url: '{{baseUrl}}/things/one%20thing/parts/7' })
  })

  it('ask nothing but the status of an answer without content', () => {
    const { event, response } = find(items, 'Remove a part')
    expect(event[0].script.exec).toEqual(["pm.test('answers 204', () => {", '  pm.response.to.have.status(204)', '})'])
    expect(response).toMatchObject([{ code: 204, header: [] }])
    expect(response[0]?.body).toBeUndefined()
    expect(thunder.requests[2]).toMatchObject({
      headers: [],
      tests: [{ type: 'res-code', custom: '', action: 'equal', value: '204' }],
    })
  })

  it('make nothing up where the contract has no example', () => {
    const { request, response } = find(items, 'List things')
    expect(request.url.query).toMatchObject([{ key: 'limit', value: '5', disabled: true }])
    expect(response.map(({ code, body }) => [code, body])).toEqual([
      [200, '[\n  "a"\n]'],
      [404, undefined],
    ])
    const fields = find(items, 'Log in').request.body?.urlencoded
    expect(fields?.map(({ key, description }) => [key, description])).toEqual([
      ['username', undefined],
      ['password', undefined],
      ['scope', 'What for.'],
    ])
  })

  const path = '/things/{thing}/parts/{part}'
  const removal = smallContract.paths[path]

  it.each([
    [
      'a parameter of a path without an example',
      { name: 'part', in: 'path' },
      'the parameter "part" of the path has no',
    ],
    ['another required parameter', { name: 'q', in: 'query' }, 'nothing here fills in the query parameter "q" yet'],
  ])('are refused for %s, by the name of the operation', (_title, parameter, reason) => {
    const parameters = [...removal.delete.parameters, { ...parameter, required: true, schema: { type: 'string' } }]
    const changed = { [path]: { ...removal, delete: { ...removal.delete, parameters } } }
    write({ ...smallContract, paths: { ...smallContract.paths, ...changed } })
    const { status, stderr } = copy.run()
    expect(status).toBe(1)
    expect(stderr).toContain(`removePart: ${reason}`)
  })
})
