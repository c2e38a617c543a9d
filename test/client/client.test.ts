import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import { type ClientOptions, createClient, type SesameClient } from '../../src/client/index.ts'
import { readContract } from '../../src/contract/document.ts'
import { operationsOf } from '../../src/contract/operations.ts'
import type { OperationId } from '../../src/contract/types.ts'
import { account, calls, createHoldingFetch, rejection } from '../support/client-calls.ts'
import { addQuickAccount } from '../support/quick-account.ts'
import { type RunningService, startService } from '../support/service.ts'

let service: RunningService
/** How far the service's clock is ahead of the client's. */
let aheadSeconds: number

beforeEach(async () => {
  aheadSeconds = 0
  const nowSeconds = (): number => Math.floor(Date.now() / 1000) + aheadSeconds
  service = await startService({ clock: { ...systemClock, nowSeconds } })
})
afterEach(() => service.stop())

const clientOf = (options: Partial<ClientOptions> = {}): SesameClient =>
  createClient({ baseUrl: service.url, ...options })

/** A client with an account that has logged in. */
const loggedIn = async (options?: Partial<ClientOptions>): Promise<SesameClient> => {
  const client = clientOf(options)
  await addQuickAccount(service, account.username)
  await client.login(account)
  return client
}

describe('a client', () => {
  test('signs up, logs in, and calls what is protected', async () => {
    const client = clientOf()
    expect(await client.signup(account)).toEqual({ message: 'User created successfully' })
    expect(await client.login(account)).toMatchObject({ token_type: 'bearer', expires_in: 1800 })
    expect(await client.readProtected()).toEqual({ message: 'Hello licat! This is a protected route' })
  })

  test('reads the health of the service', async () => {
    expect(await clientOf().readLiveness()).toEqual({ status: 'live' })
    expect(await clientOf().readReadiness()).toEqual({ status: 'ready' })
  })

  test.each([
    ['a slash at its end', (url: string) => `${url}/`],
    ['several slashes at its end', (url: string) => `${url}///`],
    ['spaces around it', (url: string) => `  ${url}/ \n`],
    ['capitals', (url: string) => url.toUpperCase()],
  ])('takes a base URL with %s', async (_what, write) => {
    expect(await clientOf({ baseUrl: write(service.url) }).readLiveness()).toEqual({ status: 'live' })
  })

  test.each([
    '',
    ' ',
    'localhost',
    'localhost:8300',
    '/api',
    'http://',
    'http://local host',
    'http://licat:1234@localhost',
    'ftp://localhost',
    'file:///etc',
    'http://localhost?x=1',
    'http://localhost/?',
    'http://localhost#a',
    'http://localhost/#',
  ])('is not created for the base URL "%s"', (baseUrl) => {
    const create = (): unknown => createClient({ baseUrl })
    expect(create).toThrow(TypeError)
    expect(create).toThrow(/^baseUrl must be an http or https URL .+ such as http:\/\/localhost:8000$/)
  })

  test('logs in with characters that a form has to escape', async () => {
    const odd = { username: 'a&b=c+d%', password: 'π ü&=+%"\\' }
    const client = clientOf()
    await client.signup(odd)
    await client.login(odd)
    expect(await client.readProtected()).toEqual({ message: 'Hello a&b=c+d%! This is a protected route' })
  })

  test('names itself and asks for scopes as it is told', async () => {
    const client = clientOf()
    await addQuickAccount(service, account.username)
    const named = { client_id: 'shop', scope: 'account:read' }
    const { access_token: token } = await client.login({ ...account, ...named })
    expect(JSON.parse(atob(token.split('.')[1] ?? ''))).toMatchObject(named)
  })

  test('leaves out of the log-in form what is undefined', async () => {
    const client = clientOf()
    await addQuickAccount(service, account.username)
    const login = { ...account, client_id: undefined, scope: undefined } as unknown as typeof account
    const { access_token: token, scope } = await client.login(login)
    expect(scope).toBe('account:read account:write sessions:read sessions:write')
    expect(JSON.parse(atob(token.split('.')[1] ?? ''))).toMatchObject({ client_id: 'public' })
  })
})

/** A path as the calls fill it in. */
const fill = (path: string): string => path.replace('{session_id}', '0f8fad5b-d9cb-469f-a165-70867728950e')

describe('each operation', () => {
  test.each(operationsOf(readContract()))(
    'is called as the contract has it, with the token only where it asks for one: $id',
    async ({ id, path, method, isSecured }) => {
      const sent: Request[] = []
      const client = await loggedIn({
        fetch: (request) => {
          sent.push(request)
          return fetch(request)
        },
      })
      sent.length = 0
      await calls[id as OperationId](client).catch(() => undefined)
      expect(sent).toHaveLength(1)
      const [plainUrl] = sent[0]?.url.split('?') ?? []
      expect([sent[0]?.method, plainUrl]).toEqual([method.toUpperCase(), service.url + fill(path)])
      expect(sent[0]?.headers.has('Authorization')).toBe(isSecured)
    },
  )
})

describe('a log-in', () => {
  test('lasts longer than the access token', async () => {
    const client = await loggedIn()
    aheadSeconds = 3_600
    expect(await client.readProtected()).toHaveProperty('message')
    expect(client.isLoggedIn()).toBe(true)
  })

  test('lasts until the token is forgotten', async () => {
    const client = await loggedIn()
    client.forgetToken()
    expect(client.isLoggedIn()).toBe(false)
    expect((await rejection(client.readProtected())).code).toBe('not-authenticated')
  })

  test('lasts until the service refuses the refresh token, too', async () => {
    const client = await loggedIn()
    aheadSeconds = 8 * 86_400
    expect((await rejection(client.readProtected())).code).toBe('invalid-token')
    expect(client.isLoggedIn()).toBe(false)
    expect((await rejection(client.readProtected())).code).toBe('not-authenticated')
  })

  test('lasts until the log-out', async () => {
    const client = await loggedIn()
    expect(await client.logout()).toEqual({ message: 'Logged out' })
    expect(client.isLoggedIn()).toBe(false)
    expect((await rejection(client.readProtected())).code).toBe('not-authenticated')
  })

  test('that fails leaves the one before as it is', async () => {
    const client = await loggedIn()
    expect((await rejection(client.login({ ...account, password: 'wrong' }))).code).toBe('invalid_grant')
    expect(client.isLoggedIn()).toBe(true)
    expect(await client.readProtected()).toHaveProperty('message')
  })

  test('is of one client alone', async () => {
    await loggedIn()
    const other = clientOf()
    expect(other.isLoggedIn()).toBe(false)
    expect((await rejection(other.readProtected())).code).toBe('not-authenticated')
  })
})

describe('a log-in whose answer is late', () => {
  const other = { ...account, username: 'molly' }
  let client: SesameClient
  let first: ReturnType<SesameClient['login']>
  let letGo: () => void

  beforeEach(async () => {
    const holding = createHoldingFetch()
    letGo = holding.letGo
    client = clientOf({ fetch: holding.fetch })
    for (const { username } of [account, other]) await addQuickAccount(service, username)
    const answered = holding.holdNext()
    first = client.login(account)
    await answered
  })

  test('does not replace the one that was called after it', async () => {
    const second = await client.login(other)
    letGo()
    expect((await first).access_token).not.toBe(second.access_token)
    expect(await client.readProtected()).toEqual({ message: 'Hello molly! This is a protected route' })
  })

  test('does not undo that the token was forgotten', async () => {
    client.forgetToken()
    letGo()
    expect(await first).toHaveProperty('access_token')
    expect(client.isLoggedIn()).toBe(false)
    expect((await rejection(client.readProtected())).code).toBe('not-authenticated')
  })

  test('counts where the one that was called after it has failed', async () => {
    await rejection(client.login({ ...other, password: 'wrong' }))
    letGo()
    await first
    expect(await client.readProtected()).toEqual({ message: 'Hello licat! This is a protected route' })
  })

  test('counts where the token was forgotten before it was called', async () => {
    letGo()
    await first
    client.forgetToken()
    await client.login(other)
    expect(await client.readProtected()).toEqual({ message: 'Hello molly! This is a protected route' })
  })
})
