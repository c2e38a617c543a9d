// Measures GET /protected, refused requests and a refresh, with the memory store and beside hand-written peers.
import { openAccount, openSession, openSessions } from '../accounts.mjs'
import { measureCases } from '../measure.mjs'
import { findPython, remedy } from '../peers/start-chapter.mjs'
import { copyWider } from '../peers/wide-sesame.mjs'
import { benchSettings, programs, startNode } from '../programs.mjs'
import { chapterIds, failureCases, protectedCases, refreshCases, username } from './http-requests.mjs'

const connections = 10

/** @param names of the benches to run: `protected`, `failures`, `refresh` */
export const run = async (names, bench) => {
  const settings = benchSettings()
  const python = findPython()
  if (!python) bench.leaveOut("the chapter's FastAPI server", `it needs Linux and: ${remedy}`)
  const servers = new Map()
  for (const { id, name, start } of programs({ settings, python })) servers.set(id, { id, name, ...(await start()) })
  const wide = copyWider()
  const wideServer = await startNode({ script: wide, settings })
  servers.set('sesame-wide', { id: 'sesame-wide', name: 'Sesame, 100 more operations', ...wideServer })

  const prepared = await prepare({ servers, bench, secretKey: settings.SECRET_KEY })
  // A refresh is compared with the peer's GET /protected.
  const families = { protected: protectedCases, failures: failureCases, refresh: refreshCases }
  const wanted = new Set(names.includes('refresh') ? ['protected', ...names] : names)
  const cases = []
  for (const [name, build] of Object.entries(families)) if (wanted.has(name)) cases.push(...(await build(prepared)))
  const results = await measureCases(cases, { rounds: bench.rounds, onRound: bench.progress('requests') })

  for (const { stop } of servers.values()) await stop()
  return results
}

/** Opens sessions on every server that issues tokens. Also returns the functions that create the entries of a case. */
const prepare = async ({ servers, bench, secretKey }) => {
  const { generator, scale } = bench
  const sesame = servers.get('sesame')
  await openAccount(sesame.url, username)
  const sessions = await openSessions(sesame.url, username, scale.sessions)
  const tokens = sessions.map(({ access_token }) => access_token)
  // The peers verify the tokens of the first Sesame server.
  const ownTokens = new Map()
  for (const id of ['sesame-wide', ...chapterIds]) {
    if (!servers.has(id)) continue
    await openAccount(servers.get(id).url, username)
    ownTokens.set(id, (await openSession(servers.get(id).url, username)).access_token)
  }

  const entry = (id, { plan, expected, warmUp = scale.warmUp }) => ({
    id,
    name: servers.get(id).name,
    requests: scale.requests,
    warmUp: chapterIds.includes(id) ? scale.warmUpPython : warmUp,
    sample: (requests) => generator.load(servers.get(id), { plan, connections, expected }, requests),
  })
  /** Creates an entry for each of these servers. Each server gets all the requests. */
  const entriesOf = async (ids, requests, options) => {
    const plan = await generator.rotate(requests)
    const known = ids.filter((id) => servers.has(id))
    return Promise.all(known.map(async (id) => entry(id, { plan: await generator.repeat(plan), ...options })))
  }
  return { generator, scale, sessions, tokens, ownTokens, secretKey, entry, entriesOf, servers }
}
