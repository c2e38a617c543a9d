// Measures a log-in, a refresh and GET /protected on SQLite, PostgreSQL and memory, with few accounts and with many.
import { openAccount, openSession, password } from '../accounts.mjs'
import { openDatabases } from '../databases.mjs'
import { measureCases } from '../measure.mjs'
import { startNode } from '../programs.mjs'
import { refreshTokensOf, storeEntries, storeSettings } from '../store-load.mjs'

const few = 1_000
const memoryAccounts = 40

const kinds = {
  'log-in': 'POST /token, grant_type=password',
  refresh: 'POST /token, grant_type=refresh_token',
  protected: 'GET /protected, tokens of all sessions in turn',
}

export const run = async (_names, bench) => {
  const { generator, scale, rounds } = bench
  const settings = storeSettings()
  const databases = await openDatabases(bench)
  const stores = [await onMemory(settings), ...(await onDatabases(databases, settings, bench))]
  const entries = []
  for (const store of stores) entries.push(...(await storeEntries(generator, store, scale.storeRequests, scale.warmUp)))
  const ratios = ratiosOf(stores)
  const cases = Object.entries(kinds).map(([kind, title]) => ({
    id: `stores-${kind}`,
    title: `Stores: ${title}`,
    note: 'SESSION_CACHE_SECONDS=0: every request looks up its session. The CPU time of PostgreSQL itself is not included.',
    entries: entries.filter((entry) => entry.kind === kind),
    ratios,
  }))
  const results = await measureCases(cases, { rounds, onRound: bench.progress('stores') })
  for (const { server } of stores) await server.stop()
  databases.close()
  return results
}

/** Compares each store with memory, and each large database with the small one of the same kind. */
const ratiosOf = (stores) => [
  ...stores.slice(1).map(({ id }) => ({ of: id, to: 'memory' })),
  ...stores.filter(({ small }) => small).map(({ id, small }) => ({ of: id, to: small })),
]

/** Fills the memory store by requests, because `sesame import` requires a database. */
const onMemory = async (settings) => {
  const server = await startNode({ settings })
  const usernames = Array.from({ length: memoryAccounts }, (_, i) => `name-${i}`)
  const refreshTokens = []
  for (const username of usernames) {
    await openAccount(server.url, username)
    refreshTokens.push((await openSession(server.url, username)).refresh_token)
  }
  return { id: 'memory', name: `memory, ${memoryAccounts} accounts`, server, usernames, password, refreshTokens }
}

const onDatabases = async ({ fillSqlite, fillPostgres }, settings, { scale, options, leaveOut }) => {
  const many = scale.manyAccounts
  if (!options.full) leaveOut('10^6 accounts', 'add --full; it takes some minutes more')
  const wanted = [
    { id: 'sqlite', name: 'SQLite', fill: fillSqlite, count: few },
    { id: 'sqlite-many', name: 'SQLite', fill: fillSqlite, count: many, small: 'sqlite' },
    { id: 'postgresql', name: 'PostgreSQL', fill: fillPostgres, count: few },
    { id: 'postgresql-many', name: 'PostgreSQL', fill: fillPostgres, count: many, small: 'postgresql' },
  ]
  const stores = []
  for (const { id, name, fill, count, small } of wanted.filter(({ fill }) => fill)) {
    const { databaseUrl, sessions, password } = await fill(count)
    const server = await startNode({ settings: { ...settings, DATABASE_URL: databaseUrl } })
    const usernames = sessions.map(({ username }) => username)
    const refreshTokens = refreshTokensOf(sessions, settings)
    stores.push({ id, small, name: `${name}, ${count} accounts`, server, usernames, password, refreshTokens })
  }
  return stores
}
