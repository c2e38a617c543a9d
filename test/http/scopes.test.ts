import { beforeAll, describe, expect, test } from '@jest/globals'
import { declaredScopes, readContract } from '../../src/contract/document.ts'
import { operationsOf } from '../../src/contract/operations.ts'
import { type Client, contractClient, logIn, send, withToken } from '../support/contract-client.ts'
import { addQuickAccount, quickPassword } from '../support/quick-account.ts'
import { type RunningService, startService } from '../support/service.ts'

const contract = readContract()
const scopes = declaredScopes(contract)

/** The operations that ask for scopes, with those. */
const scoped = operationsOf(contract).flatMap(({ id, path, method, scopes: [needed = []] }) =>
  needed.length > 0 ? [[id, method.toUpperCase(), path, needed] as const] : [],
)

let service: RunningService
let client: Client
beforeAll(async () => {
  service = await startService()
  client = contractClient(service.url)
})

let names = 0
/** Of a new account. */
const tokenFor = async (scope: readonly string[]): Promise<string> => {
  names += 1
  const name = `licat${names}`
  await addQuickAccount(service, name)
  return (await logIn(client, name, quickPassword, { scope: scope.join(' ') })).json.access_token as string
}

test('every declared scope is asked for by some operation', () => {
  expect([...new Set(scoped.flatMap(([, , , needed]) => needed))].sort()).toEqual([...scopes].sort())
})

describe.each(scoped)('%s', (_id, method, template, needed) => {
  const path = template.replace('{session_id}', '0f8fad5b-d9cb-469f-a165-70867728950e')

  test('refuses a token that has all scopes but its own, and names it', async () => {
    const token = await tokenFor(scopes.filter((scope) => !needed.includes(scope)))
    const { status, json, headers } = await withToken(client, token)({ method, path })
    expect([status, json.code]).toEqual([403, 'insufficient-scope'])
    expect(headers['www-authenticate']).toBe(`Bearer error="insufficient_scope", scope="${needed.join(' ')}"`)
  })

  test('takes one that has its scope alone', async () => {
    // Without the body that it may need, and of a session that is not there.
    const { status } = await withToken(client, await tokenFor(needed))({ method, path })
    expect([200, 400, 404]).toContain(status)
  })
})

test('alternatives in the security of an operation are each enough, and each as a whole', async () => {
  const document = readContract() as any
  document.paths['/account'].get.security = [
    { oauth2: ['account:read', 'account:write'] },
    { oauth2: ['sessions:read'] },
  ]
  const { url, stores } = await startService({ document })
  const by = contractClient(url)
  await addQuickAccount({ stores }, 'licat')
  const read = async (scope: string) => {
    const { json } = await logIn(by, 'licat', quickPassword, { scope })
    return send(url, { path: '/account', headers: { authorization: `Bearer ${json.access_token}` } })
  }
  expect((await read('account:write account:read')).status).toBe(200)
  expect((await read('sessions:read')).status).toBe(200)
  const { status, headers } = await read('account:read sessions:write')
  expect([status, headers['www-authenticate']]).toEqual([
    403,
    'Bearer error="insufficient_scope", scope="account:read account:write"',
  ])
})

test('a token without any scope reads what asks for none', async () => {
  const document = readContract() as any
  document.components.securitySchemes.oauth2.flows.password.scopes = {}
  const { url, stores } = await startService({ document })
  const by = contractClient(url)
  await addQuickAccount({ stores }, 'licat')
  const { json } = await logIn(by, 'licat', quickPassword)
  expect(json.scope).toBe('')
  const as = withToken(by, json.access_token)
  expect((await as({ path: '/protected' })).status).toBe(200)
  expect((await as({ path: '/account' })).status).toBe(403)
})
