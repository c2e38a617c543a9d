// What a request costs a server on a database: CPU time of its process, for servers on databases of different sizes that are
// alive at once and take turns.
import { Agent } from 'node:http'
import { createRefreshTokens } from '../../dist/sessions/refresh-tokens.js'
import { createSecretKey } from 'node:crypto'
import { logIn, send } from '../proof/http-client.mjs'
import { productionSettings, startServer } from '../proof/server.mjs'

const preload = new URL('cpu-reporter.mjs', import.meta.url)
const connections = 4

/** @param sizes each `{ name, databaseUrl, sessions }`: a database, and rows of sessions in it that may be used
 * @param options `password` of their accounts, `requests` of each kind in a round
 * @returns per size `{ name, logIn, refresh, protected }`: lists of µs a request, one for each round */
export const measureStores = async (sizes, { rounds, requests, password }) => {
  const settings = {
    ...productionSettings(),
    ISSUER: 'http://localhost:8000',
    SESSION_CACHE_SECONDS: '0',
    LOG_LEVEL: 'warn',
  }
  const { issue } = createRefreshTokens([createSecretKey(settings.SECRET_KEY, 'utf8')])
  const measured = await Promise.all(
    sizes.map(async ({ name, databaseUrl, sessions }) => ({
      name,
      agent: new Agent({ keepAlive: true, maxSockets: connections }),
      server: await startServer({ settings: { ...settings, DATABASE_URL: databaseUrl }, preload }),
      sessions: sessions.map((row) => ({ row, refreshToken: issue(sessionOf(row)), accessToken: undefined })),
      costs: { 'log in': [], refresh: [], '/protected': [] },
    })),
  )
  // The first one of each is not counted.
  for (let round = -1; round < rounds; round += 1) {
    for (const contender of inTurn(measured, round + 1)) await oneRound(contender, { requests, password, round })
  }
  for (const { server, agent } of measured) {
    agent.destroy()
    await server.stop()
  }
  return measured.map(({ name, costs }) => ({ name, ...costs }))
}

/** Each round begins with another one. */
const inTurn = (list, round) => list.map((_, i) => list[(i + round) % list.length])

const sessionOf = ({ id, generation, secret }) => ({ id, generation, secret: Buffer.from(secret, 'base64url') })

const oneRound = async ({ server, agent, sessions, costs }, { requests, password, round }) => {
  const kinds = {
    'log in': [requests.logIn, ({ row }) => logIn(server.url, { username: row.username, password }, { agent })],
    refresh: [requests.refresh, (session) => refresh(server.url, session, agent)],
    '/protected': [requests.protected, ({ accessToken }) => callProtected(server.url, accessToken, agent)],
  }
  for (const [kind, [perRound, sendOne]] of Object.entries(kinds)) {
    // At first every session is refreshed, for its access token.
    const count = round < 0 && kind === 'refresh' && perRound > 0 ? sessions.length : perRound
    const first = (round + 1) * count
    const before = await server.ask('cpu')
    await inParallel(count, async (i) => {
      const { status, body } = await sendOne(sessions[(first + i) % sessions.length])
      if (status !== 200) throw new Error(`${kind} was answered ${status}: ${body}`)
    })
    const after = await server.ask('cpu')
    const microseconds = after.user + after.system - before.user - before.system
    if (round >= 0) costs[kind].push(microseconds / count)
  }
}

const refresh = async (url, session, agent) => {
  const answer = await send(`${url}/token`, {
    agent,
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: String(new URLSearchParams({ grant_type: 'refresh_token', refresh_token: session.refreshToken })),
  })
  if (answer.status === 200) {
    const { refresh_token, access_token } = JSON.parse(answer.body)
    session.refreshToken = refresh_token
    session.accessToken = access_token
  }
  return answer
}

const callProtected = (url, token, agent) =>
  send(`${url}/protected`, { agent, headers: { Authorization: `Bearer ${token}` } })

const inParallel = async (count, work) => {
  let next = 0
  const worker = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: connections }, worker))
}

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

/** The median of the ratios round by round: what both suffered in a round cancels out. */
export const ratioOf = (costs, others) => median(costs.map((cost, i) => cost / others[i]))

/** A row for each kind of request: what it costs on the first of two databases, and on the second. */
export const comparisonOf = ([small, large]) =>
  ['log in', 'refresh', '/protected'].map((kind) => ({
    request: kind,
    [small.name]: median(small[kind]).toFixed(0),
    [large.name]: median(large[kind]).toFixed(0),
    ratio: ratioOf(large[kind], small[kind]).toFixed(2),
  }))
