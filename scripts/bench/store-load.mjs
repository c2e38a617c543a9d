// Measures a log-in, a refresh and GET /protected on servers with different databases. test/proof/moving.ts also uses
// it.
import { createSecretKey } from 'node:crypto'
import { createRefreshTokens } from '../../dist/sessions/refresh-tokens.js'
import { openGenerator } from './load/open-generator.mjs'
import { getProtected, postForm } from './load/request-text.mjs'
import { benchSettings, startNode } from './programs.mjs'
import { measureRounds } from './rounds.mjs'
import { median, ratioOf } from './statistics.mjs'

export { ratioOf }

const connections = 4
const proofWarmUp = 1_000
const expected = { status: 200 }

/** The settings for measurements of stores. Without a session cache, each request looks up its session. */
export const storeSettings = () => ({ ...benchSettings(), SESSION_CACHE_SECONDS: '0' })

/** Issues the refresh tokens of imported sessions. */
export const refreshTokensOf = (sessions, { SECRET_KEY }) => {
  const { issue } = createRefreshTokens([createSecretKey(SECRET_KEY, 'utf8')])
  return sessions.map(({ id, generation, secret }) =>
    issue({ id, generation, secret: Buffer.from(secret, 'base64url') }),
  )
}

/** Creates an entry for each kind of request.
 * @param store `{ id, name, server, usernames, password, refreshTokens }`
 * @param requests `logIn`, `refresh` and `protected`: the number per round; 0 omits that kind
 * @param warmUp the number of refreshes and of requests to /protected before the first round */
export const storeEntries = async (generator, store, requests, warmUp) => {
  const { id, name, server } = store
  const counts = { 'log-in': requests.logIn, refresh: requests.refresh, protected: requests.protected }
  const plans = {
    'log-in': await generator.rotate(store.usernames.map((username) => logInText(username, store.password))),
    ...(counts.refresh + counts.protected > 0 ? await sessionPlans(generator, store) : {}),
  }
  return Object.entries(plans).flatMap(([kind, plan]) => {
    const sample = (count) => generator.load(server, { plan, connections, expected }, count)
    const warm = kind === 'log-in' ? counts[kind] : warmUp
    return counts[kind] === 0 ? [] : [{ kind, id, name, requests: counts[kind], warmUp: warm, sample }]
  })
}

const logInText = (username, password) => postForm('/token', { username, password })

/** Refreshes every session once to get its access token. */
const sessionPlans = async (generator, { server, refreshTokens }) => {
  const plan = await generator.refresh(refreshTokens)
  await generator.load(server, { plan, connections, expected }, refreshTokens.length)
  const accessTokens = await generator.accessTokens(plan)
  return { refresh: plan, protected: await generator.rotate(accessTokens.map(getProtected)) }
}

/** @param sizes each `{ name, databaseUrl, sessions }`: a database, and the rows of sessions in it to use
 * @param options `password` of their accounts, `requests` as for `storeEntries`
 * @returns for each size `{ name, 'log in', refresh, '/protected' }`: lists of CPU microseconds per request, one for
 * each round */
export const measureStores = async (sizes, { rounds, requests, password }) => {
  const generator = openGenerator()
  const settings = { ...storeSettings(), LOG_LEVEL: 'warn' }
  const servers = []
  const entries = []
  for (const { name, databaseUrl, sessions } of sizes) {
    const server = await startNode({ settings: { ...settings, DATABASE_URL: databaseUrl } })
    servers.push(server)
    const usernames = sessions.map(({ username }) => username)
    const refreshTokens = refreshTokensOf(sessions, settings)
    const store = { id: name, name, server, usernames, password, refreshTokens }
    entries.push(...(await storeEntries(generator, store, requests, proofWarmUp)))
  }
  const measured = await measureRounds(entries, { rounds })
  for (const { stop } of [...servers, generator]) await stop()
  const costsOf = (name, kind) =>
    measured
      .find((entry) => entry.name === name && entry.kind === kind)
      ?.samples.map(({ cpuMicroseconds }) => cpuMicroseconds) ?? []
  return sizes.map(({ name }) => ({
    name,
    'log in': costsOf(name, 'log-in'),
    refresh: costsOf(name, 'refresh'),
    '/protected': costsOf(name, 'protected'),
  }))
}

/** A row for each kind of request: the CPU time on the first and on the second database, and the ratio. */
export const comparisonOf = ([small, large]) =>
  ['log in', 'refresh', '/protected'].map((kind) => ({
    request: kind,
    [small.name]: median(small[kind]).toFixed(0),
    [large.name]: median(large[kind]).toFixed(0),
    ratio: ratioOf(large[kind], small[kind]).toFixed(2),
  }))
