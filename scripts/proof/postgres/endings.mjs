// A session that one process has ended is refused by the other within SESSION_CACHE_SECONDS and a little, and by the
// same one at once, under a steady load that keeps it in mind.
import { expectOk, openService } from '../session-races/service.mjs'
import { makeTwin } from '../twin.mjs'
import { openCluster } from './cluster.mjs'

const rounds = 20
const graceMilliseconds = 500
const account = { username: 'licat', password: 'a password of the proof' }

const ends = [
  ['a log-out', (service, tokens) => service.logOut(tokens.access_token)],
  ['a revocation', (service, tokens) => service.revoke(tokens.refresh_token)],
  ['its id', (service, tokens) => service.endSession(tokens.access_token)],
]

export const proveEndings = async () => {
  const cluster = await openCluster()
  const twin = makeTwin('stores/sql/session-cache.js', 'ttl: seconds * 1000', 'ttl: seconds * 3000')
  const forgetful = makeTwin('stores/sql/session-cache.js', 'known.delete(id);', '')
  const results = [
    judge(1, await run(cluster, 1)),
    judge(0, await run(cluster, 0)),
    judgeTwin('keeps sessions three times as long', await run(cluster, 1, twin.script), 1),
    judgeTwin('keeps what it has ended itself', await run(cluster, 1, forgetful.script), 1),
  ]
  for (const each of [twin, forgetful]) each.remove()
  cluster.stop()
  return results
}

const run = async (cluster, seconds, script) => {
  const settings = { ...(await cluster.newSettings()), SESSION_CACHE_SECONDS: String(seconds) }
  const service = await openService({ script, settings, processes: 2 })
  expectOk(await service.signUp(account))
  const [here, there] = service.each
  const outcome = { elsewhere: [], here: [] }
  await Promise.all(
    Array.from({ length: rounds }, async (_, round) => {
      const tokens = expectOk(await service.logIn(account))
      for (const each of [here, there]) expectOk(await each.readProtected(tokens.access_token))
      const [, end] = ends[round % ends.length]
      // Anew at the other one, just before.
      expectOk(await there.readProtected(tokens.access_token))
      expectOk(await end(here, tokens))
      const acknowledged = performance.now()
      outcome.here.push((await here.readProtected(tokens.access_token)).status)
      outcome.elsewhere.push((await untilRefused(there, tokens.access_token)) - acknowledged)
    }),
  )
  await service.stop()
  return outcome
}

/** When the last request began that was not refused; at first, minus infinity. */
const untilRefused = async (service, accessToken) => {
  let last = -Infinity
  for (;;) {
    const start = performance.now()
    if ((await service.readProtected(accessToken)).status === 401) return last
    last = start
  }
}

const limitOf = (seconds) => (seconds === 0 ? 0 : seconds * 1000 + graceMilliseconds)
const isGood = (seconds, { here, elsewhere }) =>
  here.every((status) => status === 401) && Math.max(...elsewhere) <= limitOf(seconds)

const describe = ({ here, elsewhere }) => {
  const longest = Math.max(...elsewhere)
  const elsewhereText = longest === -Infinity ? 'at once' : `for at most ${longest.toFixed(0)} ms`
  return `taken elsewhere ${longest === -Infinity ? 'no more' : 'still'} (${elsewhereText}), in the same process ${here.filter((status) => status !== 401).length} times`
}

const judge = (seconds, outcome) => ({
  passed: isGood(seconds, outcome),
  text: `sessions ended under SESSION_CACHE_SECONDS=${seconds}, ${rounds} of them: ${describe(outcome)} (${limitOf(seconds)} ms elsewhere, never in the same process)`,
})

const judgeTwin = (what, outcome, seconds) => ({
  passed: !isGood(seconds, outcome),
  text: `the twin that ${what} is found out: ${describe(outcome)}`,
})
