// Node runs this program with --expose-gc. It fills a memory store with sessions, lets them all expire, and logs in
// until all are removed. It prints its measurements as JSON. It uses only the ports of the store and the clock that it
// passes.
import { randomBytes, randomUUID } from 'node:crypto'
import { openSync, readSync } from 'node:fs'
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Opens a clock that runs only while the main thread is on a core, in milliseconds. Other programs do not affect it.
 * It is as exact as the tick of the kernel (at most 4 ms). */
const openOwnClock = () => {
  const file = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r')
  const bytes = Buffer.alloc(64)
  return () => Number(bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, 0)).split(' ')[0]) / 1e6
}

const [, , storesUrl, text] = process.argv
const { opened, accounts: accountCount, perAccount, logInAccounts } = JSON.parse(text)
const { openMemoryStores } = await import(storesUrl)

const day = 86_400
const lifetimes = { idleSeconds: 7 * day, absoluteSeconds: 30 * day }
const expired = opened + lifetimes.absoluteSeconds
const maxLogIns = accountCount * perAccount

let now = opened
const { accounts, sessions } = openMemoryStores(lifetimes, { nowSeconds: () => now })
const ownClock = process.platform === 'linux' ? openOwnClock() : () => performance.now()

const accountOf = (number) => ({
  id: `account-${number}`.padEnd(64, '0'),
  username: `name-${number}`,
  passwordHash: randomBytes(72).toString('base64'),
  credentialVersion: 0,
  createdAt: opened,
})

const sessionOf = ({ id, username, credentialVersion }) => ({
  id: randomUUID(),
  accountId: id,
  credentialVersion,
  username,
  clientId: 'public',
  scope: 'account:read account:write sessions:read sessions:write',
  secret: randomBytes(32),
})

/** Measures in milliseconds while `work` calls `timed` for each verb: the longest pause of the event loop, its longest
 * turn by the clock of the thread, the longest garbage collection, and the longest verb. */
const observe = async (work) => {
  const histogram = monitorEventLoopDelay({ resolution: 1 })
  let [longest, longestTurn, longestCollection, sum, count] = [0, 0, 0, 0, 0]
  const collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestCollection = Math.max(longestCollection, duration)
  })
  collections.observe({ entryTypes: ['gc'] })
  histogram.enable()
  // The histogram misses a pause before its first sample.
  while (histogram.count === 0) await nextTurn()
  histogram.reset()
  await work(async (verb) => {
    const [start, ownStart] = [performance.now(), ownClock()]
    const result = await verb()
    const milliseconds = performance.now() - start
    longest = Math.max(longest, milliseconds)
    sum += milliseconds
    count += 1
    // The event loop turns here as between two requests, which is where a delay shows.
    await nextTurn()
    longestTurn = Math.max(longestTurn, ownClock() - ownStart)
    return result
  })
  // The last pause becomes a sample only after its end.
  const samples = histogram.count
  while (histogram.count === samples) await nextTurn()
  histogram.disable()
  collections.disconnect()
  const longestPause = histogram.max / 1e6
  return { longestPause, longestTurn, longestCollection, longestVerb: longest, meanVerb: sum / count, verbs: count }
}

const heapMib = async () => {
  // Buffers are freed a little later than the objects that held them.
  for (let i = 0; i < 3; i += 1) {
    globalThis.gc()
    await nextTurn()
  }
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 2 ** 20
}

const logIn = async (timed, account) => {
  const session = sessionOf(account)
  if (!(await timed(() => sessions.create(session)))) throw new Error('The store takes the account for outdated')
  return session.id
}

const all = []
for (let i = 0; i < accountCount; i += 1) all.push(accountOf(i))
for (const account of all) await accounts.create(account)

const ids = []
const empty = await heapMib()
const filling = await observe(async (timed) => {
  for (let i = 0; i < perAccount; i += 1) for (const account of all) ids.push(await logIn(timed, account))
})
const full = await heapMib()

// Each account has as many sessions as it may have. One more log-in ends the session that was idle longest.
const bound = await observe(async (timed) => {
  now = opened + 1
  for (const account of all) {
    await logIn(timed, account)
    const [listed, oldest] = await Promise.all([
      sessions.list(account.id, perAccount * 2),
      sessions.find(ids[all.indexOf(account)]),
    ])
    if (listed.length !== perAccount || oldest) throw new Error(`An account has ${listed.length} sessions`)
  }
})

// The clock goes back for each look-up, so that expired sessions are still found where they were not removed.
let logIns = 0
const sweeping = await observe(async (timed) => {
  let gone = 0
  while (gone < ids.length && logIns < maxLogIns) {
    now = expired + 1
    await logIn(timed, all[logIns % logInAccounts])
    logIns += 1
    now = opened + 1
    while (gone < ids.length && !(await sessions.find(ids[gone]))) gone += 1
  }
  if (gone < ids.length) logIns = Infinity
})
// The list of ids must not count as memory of the store.
const { length } = ids.splice(0)
const swept = await heapMib()
console.log(JSON.stringify({ sessions: length, logIns, filling, bound, sweeping, mib: { empty, full, swept } }))
