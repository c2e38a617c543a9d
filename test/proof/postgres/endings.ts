// A session that one process has ended is refused by the other within SESSION_CACHE_SECONDS and a little, and by the
// same one at once, under a steady load that keeps it in mind.
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
const twins = [
  defineFault('keeps sessions three times as long', cache, 'ttl: seconds * 1000', 'ttl: seconds * 3000'),
  defineFault('keeps what it has ended itself', cache, 'known.delete(id)\n', '\n'),
]

export const proveEndings: Prove = async () => {
  const cluster = await openCluster()
  const results = [judge(1, await run(cluster, 1)), judge(0, await run(cluster, 0))]
  for (const fault of twins) {
    const outcome = await withFault(fault, (script) => run(cluster, 1, script))
    results.push(judgeTwin(fault.name, outcome, 1))
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
const untilRefused = async (service: Operations, accessToken: string): Promise<number> => {
  let last = -Infinity
  for (;;) {
    const start = performance.now()
    if ((await service.readProtected(accessToken)).status === 401) return last
    last = start
  }
}

const limitOf = (seconds: number): number => (seconds === 0 ? 0 : seconds * 1000 + graceMilliseconds)
const isGood = (seconds: number, { here, elsewhere }: Outcome): boolean =>
  here.every((status) => status === 401) && Math.max(...elsewhere) <= limitOf(seconds)

const describe = ({ here, elsewhere }: Outcome): string => {
  const longest = Math.max(...elsewhere)
  const elsewhereText = longest === -Infinity ? 'at once' : `for at most ${longest.toFixed(0)} ms`
  return `taken elsewhere ${longest === -Infinity ? 'no more' : 'still'} (${elsewhereText}), in the same process ${here.filter((status) => status !== 401).length} times`
}

const judge = (seconds: number, outcome: Outcome): Result => ({
  passed: isGood(seconds, outcome),
  text: `sessions ended under SESSION_CACHE_SECONDS=${seconds}, ${rounds} of them: ${describe(outcome)} (${limitOf(seconds)} ms elsewhere, never in the same process)`,
})

const judgeTwin = (what: string, outcome: Outcome, seconds: number): Result => ({
  passed: !isGood(seconds, outcome),
  text: `the twin that ${what} is found out: ${describe(outcome)}`,
})
