import { beforeAll, describe, expect, it } from '@jest/globals'
import { toCollections } from '../../scripts/generate/collections.mjs'
import { readContract } from '../../src/contract/document.ts'
import { operationsOf } from '../../src/contract/operations.ts'
import { smallContract } from './small-contract.ts'

interface Field {
  readonly key: string
  readonly value: string
  readonly disabled: boolean
  readonly description?: string
}
interface Item {
  readonly id: string
  readonly name: string
  readonly event: readonly { readonly listen: string; readonly script: { readonly exec: readonly string[] } }[]
  readonly request: {
    readonly auth: { readonly type: string }
    readonly body?: { readonly raw?: string; readonly urlencoded?: readonly Field[] }
    readonly url: { readonly raw: string; readonly query: readonly Field[]; readonly variable: readonly Field[] }
  }
  readonly response: readonly { readonly code: number; readonly header: readonly Field[]; readonly body?: string }[]
}
interface Setting {
  readonly type: string
  readonly custom: string
  readonly value: string
}
interface Thunder {
  readonly requests: readonly {
    readonly name: string
    readonly url: string
    readonly params: readonly object[]
    readonly tests: readonly Setting[]
  }[]
}

let files: Readonly<Record<string, string>>
const generate = async (document: object) => {
  files = await toCollections(structuredClone(document))
}
const readText = (name: string) => files[`contract/collections/${name}`] ?? ''
const readItems = (name: string) => (JSON.parse(readText(name)) as { readonly item: readonly Item[] }).item

const find = (items: readonly Item[], name: string) => {
  const found = items.find((item) => item.name === name)
  if (found === undefined) throw new Error(`There is no request "${name}".`)
  return found
}

const scriptOf = (item: Item, when: string) => item.event.find(({ listen }) => listen === when)?.script.exec.join('\n')

/** The variables that the answer to a request sets, each with where from. */
const settingsOf = ({ requests }: Thunder, name: string) =>
  requests
    .find((request) => request.name === name)
    ?.tests.filter(({ type }) => type === 'set-env-var')
    .map(({ custom, value }) => [value, custom])

/** Whatever stands as the value of an example, as JSON. */
const listExamples = (node: unknown): readonly string[] => {
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) => [
    ...(key === 'value' || key === 'example' ? [JSON.stringify(value)] : []),
    ...listExamples(value),
  ])
}

const file = 'sesame.postman_collection.json'

describe('the collections', () => {
  let items: readonly Item[]
  let thunder: Thunder
  beforeAll(async () => {
    await generate(readContract())
    items = readItems(file)
    thunder = JSON.parse(readText('thunder-collection_sesame.json')) as Thunder
  })

  it('ask whether the service is there, sign up, log in again where a session may be over, and delete the account last', () => {
    const names = [
      'Check liveness',
      'Check readiness',
      'Create an account',
      'Log in',
      'Greet the bearer of a token',
      'List the sessions',
      'End all other sessions',
      'Log in, again',
      'End a session',
      'Revoke a token',
      'Log in, again',
      'Log out',
      'Log in, again',
      'Change the password',
      'Get the account',
      'Delete the account',
    ]
    expect(items.map(({ name }) => name)).toEqual(names)
    expect(thunder.requests.map(({ name }) => name)).toEqual(names)
  })

  it('make a new name before each sign-up', () => {
    const making = items.filter((item) => scriptOf(item, 'prerequest') !== undefined)
    expect(making.map(({ name }) => name)).toEqual(['Create an account'])
    expect(scriptOf(find(items, 'Create an account'), 'prerequest')).toBe(
      "pm.collectionVariables.set('username', `licat-${Date.now()}`)",
    )
    expect(readText('sesame.postman_environment.json')).not.toContain('username')
    expect(settingsOf(thunder, 'Check readiness')).toEqual([['{{username}}', 'licat-{{#date}}']])
  })

  it('carry the token and the id of a session on', () => {
    for (const name of ['Log in', 'Log in, again']) {
      expect(scriptOf(find(items, name), 'test')).toContain("pm.collectionVariables.set('accessToken', ")
      expect(settingsOf(thunder, name)).toEqual([['{{accessToken}}', 'json.access_token']])
    }
    expect(scriptOf(find(items, 'List the sessions'), 'test')).toMatch(
      /\?\.sessions\?\.\[0\]\?\.session_id\n.*set\('session_id', value\)/,
    )
    expect(settingsOf(thunder, 'List the sessions')).toEqual([['{{session_id}}', 'json.sessions[0].session_id']])
    expect(find(items, 'End a session').request.url.variable).toMatchObject([
      { key: 'session_id', value: '{{session_id}}' },
    ])
    expect(thunder.requests.find(({ name }) => name === 'End a session')?.url).toBe(
      '{{baseUrl}}/sessions/{{session_id}}',
    )
  })

  it('have an id to begin with, without which the path would be another', () => {
    const example = '0f8fad5b-d9cb-469f-a165-70867728950e'
    expect(JSON.parse(readText(file))).toMatchObject({
      variable: expect.arrayContaining([{ key: 'session_id', value: example }]),
    })
    expect(JSON.parse(readText('thunder-environment_sesame.json'))).toMatchObject({
      variables: expect.arrayContaining([{ name: 'session_id', value: example }]),
    })
  })

  it('leave optional parameters of the query to be switched on', () => {
    expect(find(items, 'List the sessions').request.url.query).toContainEqual(
      expect.objectContaining({ key: 'limit', value: '20', disabled: true }),
    )
    expect(find(items, 'List the sessions').request.url.query.filter(({ disabled }) => !disabled)).toEqual([])
    const listing = thunder.requests.find(({ name }) => name === 'List the sessions')
    expect(listing?.url).toBe('{{baseUrl}}/sessions')
    expect(listing?.params).toContainEqual({ name: 'limit', value: '20', isDisabled: true, isPath: false })
  })
})

describe('the Postman collection', () => {
  let items: readonly Item[]
  beforeAll(async () => {
    await generate(readContract())
    items = readItems(file)
  })

  it('has an answer for each status, with an example of the contract and no header but its media type', () => {
    const document = readContract()
    const statuses = operationsOf(document).flatMap(({ responses }) => [...responses.keys()])
    const answers = items.flatMap(({ response }) => response)
    expect(answers.map(({ code }) => code).toSorted()).toEqual(statuses.toSorted())
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
    expect(find(items, 'Change the password').request.body?.raw).toBe(
      '{\n  "current_password": "{{password}}",\n  "new_password": "{{password}}"\n}',
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
    const { paths }: { readonly paths: object } = readContract()
    const asking = Object.values(paths).flatMap((operations: Record<string, { summary: string; security: object[] }>) =>
      Object.values(operations).flatMap(({ summary, security }) => (security.length > 0 ? [summary] : [])),
    )
    expect(asking).toContain('Delete the account')
    expect(sending.map(({ name }) => name)).toEqual(asking)
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
    expect(readText(file).length).toBeLessThan(200_000)
  })
})

describe('the collections of a contract of another kind', () => {
  let items: readonly Item[]
  let thunder: Thunder
  beforeAll(async () => {
    await generate(smallContract)
    items = readItems('small.postman_collection.json')
    thunder = JSON.parse(readText('thunder-collection_small.json')) as Thunder
  })

  it('are the same bytes again, although values without an example could be made up', async () => {
    const before = files
    await generate(smallContract)
    expect(files).toEqual(before)
  })

  it('keep the order of the contract, whatever the paths and the tags are, with a log-in after what ends something', () => {
    const names = [
      ...['List things', 'Log in', 'Remove a part'],
      ...['Log in, again', 'List orders', 'Cancel an order', 'Register'],
    ]
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

  it('fill in what the contract links to an answer, and the example of what it does not', () => {
    expect(find(items, 'Cancel an order').request.url.variable).toMatchObject([
      { key: 'order', value: '{{order}}' },
      { key: 'why', value: 'other' },
    ])
    expect(thunder.requests[5]?.url).toBe('{{baseUrl}}/orders/{{order}}/other')
    expect(settingsOf(thunder, 'List orders')).toEqual([['{{order}}', 'json.all[0].id']])
  })

  it('make a name in the answer to the request before the sign-up', () => {
    expect(settingsOf(thunder, 'Cancel an order')).toEqual([['{{username}}', 'licat-{{#date}}']])
  })

  it('ask nothing but the status of an answer without content', () => {
    const { event, response } = find(items, 'Remove a part')
    expect(event.map(({ listen }) => listen)).toEqual(['test'])
    expect(event[0]?.script.exec).toEqual([
      "pm.test('responds with 204', () => {",
      '  pm.response.to.have.status(204)',
      '})',
    ])
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
    [
      'another required parameter',
      { name: 'q', in: 'query' },
      'the collections do not support the required query parameter "q"',
    ],
  ])('are refused for %s, by the name of the operation', async (_title, parameter, reason) => {
    const parameters = [...removal.delete.parameters, { ...parameter, required: true, schema: { type: 'string' } }]
    const changed = { [path]: { ...removal, delete: { ...removal.delete, parameters } } }
    const document = { ...smallContract, paths: { ...smallContract.paths, ...changed } }
    await expect(generate(document)).rejects.toThrow(`removePart: ${reason}`)
  })
})
