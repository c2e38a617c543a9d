// Defines the HTTP cases with their requests and targets. cases/http.mjs prepares the arguments.
import { randomBytes } from 'node:crypto'
import { openSessions } from '../accounts.mjs'
import { getProtected, postJson, requestText } from '../load/request-text.mjs'
import { varyTokens } from '../tokens.mjs'

export const username = 'licat'
export const chapterIds = ['fastapi', 'fastapi-uvloop']
const peerIds = ['koa', 'fastify', 'node-http']
const greeting = { status: 200, body: JSON.stringify({ message: `Hello ${username}! This is a protected route` }) }

const sesameToPeers = (targetOfKoa = {}) =>
  peerIds.map((to) => ({ of: 'sesame', to, ...(to === 'koa' ? targetOfKoa : {}) }))

export const protectedCases = async ({ generator, scale, tokens, ownTokens, secretKey, entry, entriesOf }) => {
  const options = { expected: greeting }
  const long = { ...options, warmUp: scale.longWarmUp }
  const ids = ['sesame', ...peerIds]
  const others = []
  for (const [id, token] of ownTokens)
    others.push(entry(id, { plan: await generator.rotate([getProtected(token)]), ...long }))
  const vary = (count) => varyTokens(tokens, count, secretKey).map(getProtected)
  const { some, many } = scale.tokens
  return [
    {
      id: 'protected',
      title: 'GET /protected, one valid token',
      note: 'Sesame finds the token in its cache of verified tokens. The peers verify it for each request.',
      entries: [...(await entriesOf(ids, [getProtected(tokens[0])], long)), ...others],
      ratios: [
        ...sesameToPeers({ atMost: 0.8, goal: 0.7 }),
        { of: 'fastapi', to: 'sesame', atLeast: 4.2 },
        { of: 'fastapi-uvloop', to: 'sesame' },
        { of: 'sesame-wide', to: 'sesame' },
      ],
    },
    {
      id: 'protected-some-tokens',
      title: `GET /protected, ${inThousands(some)} valid tokens in turn`,
      entries: await entriesOf(ids, vary(some), options),
      ratios: sesameToPeers({ atMost: 0.85 }),
    },
    {
      id: 'protected-many-tokens',
      title: 'GET /protected, every token new',
      note: 'No server receives a token twice, so a cache of tokens never hits. It is full before the first round.',
      entries: await entriesOf(ids, vary(many), long),
      ratios: sesameToPeers({ atMost: 1.35 }),
    },
  ]
}

export const failureCases = async ({ tokens, scale, entriesOf }) => {
  const ids = ['sesame', ...peerIds]
  const forged = varyTokens(tokens, scale.tokens.some, randomBytes(32).toString('hex'))
  const incomplete = postJson('/signup', { username })
  return [
    {
      id: 'garbage-token',
      title: 'GET /protected, `Bearer not.a.token`: 401',
      entries: await entriesOf(ids, [getProtected('not.a.token')], { expected: { status: 401 } }),
      ratios: sesameToPeers({ atMost: 1 }),
    },
    {
      id: 'forged-token',
      title: 'GET /protected, forged tokens: 401',
      note: `${inThousands(forged.length)} tokens in turn, each with the right format and the signature of another key.`,
      entries: await entriesOf(ids, forged.map(getProtected), { expected: { status: 401 } }),
      ratios: sesameToPeers({ atMost: 1.35 }),
    },
    {
      id: 'not-found',
      title: 'GET /nothing-here: 404',
      entries: await entriesOf(ids, [requestText({ path: '/nothing-here' })], { expected: { status: 404 } }),
      ratios: sesameToPeers({ atMost: 1.5 }),
    },
    {
      id: 'invalid-body',
      title: 'POST /signup without a password: 422',
      note: 'The hand-written peers have no such route.',
      entries: await entriesOf(['sesame', ...chapterIds], [incomplete], { expected: { status: 422 } }),
      ratios: chapterIds.map((of) => ({ of, to: 'sesame' })),
    },
  ]
}

export const refreshCases = async ({ generator, servers, entry, scale }) => {
  const sessions = await openSessions(servers.get('sesame').url, username, scale.refreshSessions)
  const plan = await generator.refresh(sessions.map(({ refresh_token }) => refresh_token))
  return [
    {
      id: 'refresh',
      title: 'POST /token, grant_type=refresh_token',
      note: 'The peers issue no tokens. The refresh is compared with their GET /protected in the same rounds.',
      entries: [entry('sesame', { plan, expected: { status: 200 } })],
      ratios: peerIds.map((to) => ({
        of: 'sesame',
        to,
        toCase: 'protected',
        ...(to === 'koa' ? { atMost: 3.5 } : {}),
      })),
    },
  ]
}

const inThousands = (count) => String(count).replace(/(?<=\d)(?=(\d{3})+$)/g, ' ')
