// The PostgreSQL server crashes and restarts five times while eight clients write. No acknowledged write may be lost.
import type { Prove, Result } from '../proof.ts'
import { setTimeout as delay } from 'node:timers/promises'
import { tally } from '../../support/http.ts'
import { openService } from '../session-races/service.ts'
import { openCluster } from './cluster.ts'
import { startWriters } from './writers.ts'

const restarts = 5
const writers = 8
const betweenMilliseconds = 2_000
const backMilliseconds = 2_000

export const proveRestarts: Prove = async () => {
  const result = await run()
  // The twin is a PostgreSQL server that acknowledges what it has in memory only.
  const forgetful = await run('-c synchronous_commit=off', '-c wal_writer_delay=10s', '-c wal_writer_flush_after=0')
  return [judge(result), judgeForgetful(forgetful)]
}

type Restarted = Awaited<ReturnType<typeof run>>

const run = async (...settings: readonly string[]) => {
  const cluster = await openCluster(...settings)
  const service = await openService({ settings: await cluster.newSettings() })
  const clients = startWriters(service, writers)
  const backs: number[] = []
  for (let i = 0; i < restarts; i += 1) {
    await delay(betweenMilliseconds)
    await cluster.restart()
    const returned = performance.now()
    while (clients.state.lastOk < returned && performance.now() - returned < 20_000) await delay(10)
    backs.push(clients.state.lastOk - returned)
  }
  await delay(betweenMilliseconds)
  await clients.stop()
  const lost = await clients.lost()
  await service.stop()
  cluster.stop()
  return { ...clients.state, lost, backs }
}

const countOf = (status: number, { statuses }: Restarted): number => statuses.filter((each) => each === status).length

const judge = (result: Restarted): Result => {
  const { statuses, faults, lost, backs, longest, accounts, sessions } = result
  const others = statuses.filter((status) => status !== 200 && status !== 503)
  const isBack = backs.every((milliseconds) => milliseconds >= 0 && milliseconds <= backMilliseconds)
  return {
    passed: faults.length + lost.length + others.length === 0 && isBack && countOf(503, result) > 0,
    text:
      `${restarts} immediate restarts under ${writers} writers: ${tally(statuses)}; of ${countOf(200, result)} acknowledged ` +
      `writes, ${accounts.length} sign-ups and ${sessions.length} sessions with their refreshes and log-outs, ` +
      `${lost.length} lost; first 200 after each return ${backs.map((each) => each.toFixed(0)).join(', ')} ms ` +
      `(${backMilliseconds}); longest answer ${longest.toFixed(0)} ms${[...new Set([...faults, ...lost])].map((each) => `; ${each}`).join('')}`,
  }
}

const judgeForgetful = (result: Restarted): Result => ({
  passed: result.lost.length > 0,
  text: `the same on a server that acknowledges before it has written, which is found out: of ${countOf(200, result)} acknowledged writes ${result.lost.length} lost`,
})
