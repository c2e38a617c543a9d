import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import jwt from 'jsonwebtoken'
import { systemClock } from '../../src/clock.ts'
import { readContract } from '../../src/contract/document.ts'
import { type ResponseExample, responseExamples } from '../../src/contract/examples.ts'
import { varyingMembers } from '../../src/verify/run/examples.ts'
import {
  contractClient,
  type Client,
  form,
  logIn,
  type Received,
  type Sent,
  signUp,
} from '../support/contract-client.ts'
import { overload, startServiceWithShortQueue } from '../support/overload.ts'
import { addQuickAccount, quickPassword } from '../support/quick-account.ts'
import { type RunningService, type ServiceOptions, startService } from '../support/service.ts'
import { failingStores, storeName, unreachableStores } from '../support/stores.ts'

const contract = readContract()

/** Each example among the answers of operations; one that several share stands once, at the first of them. */
const examples = new Map<ResponseExample['value'], string>()
for (const { operationId, status, name, value } of responseExamples(contract)) {
  if (operationId !== undefined && !examples.has(value)) examples.set(value, `${operationId} ${status} ${name}`)
}

const licat = { username: 'licat', password: quickPassword }
const post = (path: string, mediaType: string, body: string): Sent => ({
  method: 'POST',
  path,
  headers: { 'content-type': mediaType },
  body,
})
const postJson = (body: string): Sent => post('/signup', 'application/json', body)
const postForm = (body: string): Sent => post('/token', 'application/x-www-form-urlencoded', body)

type Play = (client: Client, token: string) => Promise<Received>
const request =
  (sent: Sent): Play =>
  (client) =>
    client(sent)

/** With a service of its own, for what cannot be done to one that others use. */
const by =
  (start: () => Promise<RunningService>, play: (client: Client) => Promise<Received | undefined>): Play =>
  async () => {
    const service = await start()
    try {
      return (await play(contractClient(service.url))) as Received
    } finally {
      await service.stop()
    }
  }
const alone = (options: ServiceOptions, play: (client: Client) => Promise<Received | undefined>): Play =>
  by(() => startService(options), play)
/** The same, to which licat has signed up. */
const aloneWithLicat = (options: ServiceOptions, play: Play): Play =>
  by(
    async () => {
      const service = await startService(options)
      await addQuickAccount(service, licat.username)
      return service
    },
    (client) => play(client, ''),
  )

const day = 86_400
/** As licat, who has logged in for this. */
const loggedIn =
  (sent: Sent, more: Readonly<Record<string, string>> = {}): Play =>
  async (client) => {
    const { json } = await logIn(client, licat.username, licat.password, more)
    return client({ ...sent, headers: { ...sent.headers, authorization: `Bearer ${json.access_token}` } })
  }
/** As licat, who has logged in a day ago. */
const loggedInADayAgo = (sent: Sent): Play => {
  let now = 1_800_000_000
  return aloneWithLicat(
    { clock: { ...systemClock, nowSeconds: () => now }, environment: { ACCESS_TOKEN_EXPIRE_MINUTES: '2880' } },
    async (client) => {
      const { json } = await logIn(client, licat.username, licat.password)
      now += day
      return client({ ...sent, headers: { authorization: `Bearer ${json.access_token}` } })
    },
  )
}
const changePassword = (body: string): Sent => ({
  method: 'PUT',
  path: '/account/password',
  headers: { 'content-type': 'application/json' },
  body,
})
const deleteAccount: Sent = { method: 'DELETE', path: '/account' }
const otherSession = '/sessions/0f8fad5b-d9cb-469f-a165-70867728950e'

const failing = (sent: Sent): Play => alone({ stores: failingStores() }, (client) => client(sent))
const outOfReach = (sent: Sent): Play => alone({ stores: unreachableStores() }, (client) => client(sent))
const overloaded = (nth: (n: number) => Sent): Play =>
  by(startServiceWithShortQueue, async (client) => (await overload(client, nth)).find(({ status }) => status === 503))

// How each example comes about.
const plays: Readonly<Record<string, Play>> = {
  'signup 200 created': alone({}, (client) => signUp(client, licat.username, licat.password)),
  'signup 400 taken': request(postJson(JSON.stringify(licat))),
  'signup 400 malformed': request(postJson('{"username":')),
  'signup 401 ambiguous': request({
    method: 'POST',
    path: '/signup',
    headers: { authorization: ['Bearer a', 'Bearer b'] },
  }),
  'signup 413 tooLarge': request(postJson(JSON.stringify({ ...licat, filler: 'x'.repeat(16_384) }))),
  'signup 415 mediaType': request(post('/signup', 'text/plain', 'licat')),
  'signup 422 missing': request(postJson('{"username":"gary"}')),
  'signup 500 internal': failing(postJson(JSON.stringify(licat))),
  'signup 503 overloaded': overloaded((n) => postJson(JSON.stringify({ ...licat, username: `licat${n}` }))),
  'signup 503 notReady': outOfReach(postJson(JSON.stringify(licat))),
  'issueToken 200 loggedIn': request(postForm(form(licat))),
  'issueToken 400 missing': request(postForm('username=licat')),
  'issueToken 400 refresh': request(postForm('grant_type=refresh_token&refresh_token=x')),
  'issueToken 400 grantType': (client) =>
    logIn(client, licat.username, licat.password, { grant_type: 'client_credentials' }),
  'issueToken 400 scope': (client) => logIn(client, licat.username, licat.password, { scope: 'everything' }),
  'issueToken 401 incorrect': (client) => logIn(client, licat.username, '12345'),
  'issueToken 413 tooLarge': request(postForm(form({ ...licat, filler: 'x'.repeat(16_384) }))),
  'issueToken 415 mediaType': request(post('/token', 'application/json', JSON.stringify(licat))),
  'issueToken 500 internal': failing(postForm(form(licat))),
  'issueToken 503 overloaded': overloaded(() => postForm(form(licat))),
  'issueToken 503 notReady': outOfReach(postForm(form(licat))),
  'readProtected 200 greeting': (client, token) =>
    client({ path: '/protected', headers: { authorization: `Bearer ${token}` } }),
  'readProtected 400 host': request({ path: '/protected', headers: { host: ['a.example', 'b.example'] } }),
  'readProtected 401 noToken': request({ path: '/protected' }),
  'readProtected 401 badToken': request({ path: '/protected', headers: { authorization: 'Bearer abc' } }),
  'readAccount 200 account': loggedIn({ path: '/account' }),
  'listSessions 403 scope': loggedIn({ path: '/sessions' }, { scope: 'account:read' }),
  'deleteAccount 200 deleted': aloneWithLicat({}, loggedIn(deleteAccount)),
  'deleteAccount 401 noToken': request(deleteAccount),
  'deleteAccount 401 badToken': request({ ...deleteAccount, headers: { authorization: 'Bearer abc' } }),
  'deleteAccount 401 oldLogIn': loggedInADayAgo(deleteAccount),
  'changePassword 200 changed': aloneWithLicat(
    {},
    loggedIn(changePassword(JSON.stringify({ current_password: licat.password, new_password: '1234' }))),
  ),
  'changePassword 400 malformed': loggedIn(changePassword('{"current_password":')),
  'changePassword 403 incorrect': loggedIn(changePassword('{"current_password":"4321","new_password":"1234"}')),
  'changePassword 403 scope': loggedIn(changePassword('{}'), { scope: 'sessions:read' }),
  'listSessions 200 sessions': aloneWithLicat({}, async (client) => {
    await logIn(client, licat.username, licat.password, { client_id: 'phone' })
    return loggedIn({ path: '/sessions' })(client, '')
  }),
  'listSessions 400 parameter': loggedIn({ path: '/sessions?limit=101' }),
  'endSession 400 parameter': loggedIn({ method: 'DELETE', path: '/sessions/1' }),
  'changePassword 422 missing': loggedIn(changePassword('{"current_password":"1234"}')),
  'endOtherSessions 200 ended': loggedIn({ method: 'DELETE', path: '/sessions' }),
  'endSession 200 ended': async (client) => {
    const { json } = await logIn(client, licat.username, licat.password)
    const { sid } = jwt.decode(json.access_token) as jwt.JwtPayload
    return loggedIn({ method: 'DELETE', path: `/sessions/${String(sid)}` })(client, '')
  },
  'endSession 404 unknown': loggedIn({ method: 'DELETE', path: otherSession }),
  'revokeToken 200 revoked': request(post('/revoke', 'application/x-www-form-urlencoded', 'token=x')),
  'revokeToken 400 missing': request(post('/revoke', 'application/x-www-form-urlencoded', 'client_id=x')),
  'logout 200 loggedOut': async (client) => {
    const { json } = await logIn(client, licat.username, licat.password)
    return client({ method: 'POST', path: '/logout', headers: { authorization: `Bearer ${json.access_token}` } })
  },
  'readLiveness 200 live': request({ path: '/health/live' }),
  'readReadiness 200 ready': request({ path: '/health/ready' }),
  // Every operation but liveness shares it.
  'readProtected 503 notReady': failing({ path: '/health/ready' }),
}

// That these are of the declared form is checked by the client.
const varying = varyingMembers(contract)

describe('each example of the contract comes about', () => {
  let service: RunningService
  let client: Client
  let token = ''

  beforeAll(async () => {
    service = await startService()
    client = contractClient(service.url)
    await addQuickAccount(service, licat.username)
    token = (await logIn(client, licat.username, licat.password)).json.access_token
  })
  afterAll(() => service.stop())

  // The line of passwords stands before any store, and it takes seconds to fill.
  const isTried = (name: string): boolean => storeName === 'memory' || !name.endsWith(' overloaded')
  const tried = [...examples].map(([value, name]) => [name, value] as const).filter(([name]) => isTried(name))
  test.each(tried)('%s', async (name, value) => {
    const play = plays[name]
    if (!play) throw new Error('No test says how this example comes about.')
    const { status, json } = await play(client, token)
    expect(status).toBe(Number(name.split(' ')[1]))
    for (const [key, shown] of Object.entries(value)) {
      if (varying.has(key)) expect(typeof json[key]).toBe(typeof shown)
      else expect({ [key]: json[key] }).toEqual({ [key]: shown })
    }
    expect(Object.keys(json).sort()).toEqual(Object.keys(value).sort())
  })

  test('with nothing in the list that the contract no longer has', () => {
    expect(Object.keys(plays).sort()).toEqual([...examples.values()].sort())
  })
})

test('the example of each request body signs up and logs in', async () => {
  const service = await startService()
  const client = contractClient(service.url)
  const { schemas } = contract.components as unknown as { schemas: Record<string, { example: Record<string, string> }> }
  expect((await client(postJson(JSON.stringify(schemas.SignupRequest?.example)))).status).toBe(200)
  expect((await client(postForm(form(schemas.TokenRequest?.example ?? {})))).status).toBe(200)
  await service.stop()
})
