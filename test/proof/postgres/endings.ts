// One process ends a session. That process must refuse its tokens at once, and the other one within
// SESSION_CACHE_SECONDS and a grace period. Requests before the end put the session into both caches.
import type { Prove, Result } from '../proof.ts'
import { defineFault, withFault } from '../../support/planted-fault.ts'
import { expectOk, type Operations, type Received } from '../../support/http.ts'
import type { Tokens } from '../session-races/race.ts'
import { openService } from '../session-races/service.ts'
import { type Cluster, openCluster } from './cluster.ts'

const rounds = 20
const graceMilliseconds = 500
const account = { username: 'licat', password: 'a password of the proof' }

type End = (service: Operations, tokens: Tokens) => Promise<Received>

// A log-out, a revocation, and the end by its id.
const ends: readonly End[] = [
  (service, tokens) => service.logOut(tokens.access_token),
  (service, tokens) => service.revoke(tokens.refresh_token),
  (service, tokens) => service.endSession(tokens.access_token),
]

const cache = 'stores/sql/session-cache.ts'
// Each twin, with the symptom that gives it away.
const twins = [
  {
    fault: defineFault('keeps sessions three times as long', cache, 'ttl: seconds * 1000', 'ttl: seconds * 3000'),
    isFoundOut: (outcome: Outcome) => longestElsewhere(outcome) > limitOf(1),
  },
  {
    fault: defineFault('keeps what it has ended itself', cache, 'cached.delete(id)\n', '\n'),
    isFoundOut: ({ here }: Outcome) => here.includes(200),
  },
]

export const proveEndings: Prove = async () => {
  const cluster = await openCluster()
  const results = [judge(1, await run(cluster, 1)), judge(0, await run(cluster, 0))]
  for (const { fault, isFoundOut } of twins) {
    const outcome = await withFault(fault, (script) => run(cluster, 1, script))
    results.push({
      passed: isFoundOut(outcome),
      text: `the twin that ${fault.name} is found out: ${describe(outcome)}`,
    })
  }
  cluster.stop()
  return results
}

interface Outcome {
  readonly elsewhere: number[]
  readonly here: number[]
}

const run = async (cluster: Cluster, seconds: number, script?: string): Promise<Outcome> => {
  const settings = { ...(await cluster.newSettings()), SESSION_CACHE_SECONDS: String(seconds) }
  const service = await openService({ script, settings, processes: 2 })
  expectOk(await service.signUp(account))
  const [here, there] = service.each
  if (!here || !there) throw new Error('There must be two processes')
  const outcome: Outcome = { elsewhere: [], here: [] }
  await Promise.all(
    Array.from({ length: rounds }, async (_, round) => {
      const tokens = expectOk(await service.logIn(account))
      for (const each of [here, there]) expectOk(await each.readProtected(tokens.access_token))
      const end = ends[round % ends.length] as End
      // The other process caches the session anew, just before its end.
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

/** Resolves to the start of the last request that was not refused; -Infinity where the first one is refused. */
const untilRefused = async (service: Operations, accessToken: string): Promise<number> => {
  let last = -Infinity
  for (;;) {
    const start = performance.now()
    if ((await service.readProtected(accessToken)).status === 401) return last
    last = start
  }
}

const limitOf = (seconds: number): number => (seconds === 0 ? 0 : seconds * 1000 + graceMilliseconds)
const longestElsewhere = ({ elsewhere }: Outcome): number => Math.max(...elsewhere)

const describe = (outcome: Outcome): string => {
  const { here } = outcome
  const longest = longestElsewhere(outcome)
  const elsewhereText = longest === -Infinity ? 'at once' : `for at most ${longest.toFixed(0)} ms`
  return `taken elsewhere ${longest === -Infinity ? 'no more' : 'still'} (${elsewhereText}), in the same process ${here.filter((status) => status !== 401).length} times`
}

const judge = (seconds: number, outcome: Outcome): Result => ({
  passed: outcome.here.every((status) => status === 401) && longestElsewhere(outcome) <= limitOf(seconds),
  text: `sessions ended under SESSION_CACHE_SECONDS=${seconds}, ${rounds} of them: ${describe(outcome)} (${limitOf(seconds)} ms elsewhere, never in the same process)`,
})
