// All processes of the PostgreSQL server stop for 30 seconds, and then go on. The service must respond meanwhile.
import type { Prove, Result } from '../proof.ts'
import { defineFault, withFault } from '../../support/planted-fault.ts'
import { isLinux } from '../../support/platforms.ts'
import { setTimeout as delay } from 'node:timers/promises'
import { expectOk, type Operations, type Received } from '../../support/http.ts'
import { openService } from '../session-races/service.ts'
import { codeOf } from './writers.ts'
import { connectionsOf, openCluster, poolSize } from './cluster.ts'

const seconds = 30
const twinSeconds = 6
const maxMilliseconds = 5_000
const backMilliseconds = 2_000
// After 10 s the pool closes connections that are idle. A connection that was not released stays open.
const restMilliseconds = 12_000
// There are more readers than connections, so that every connection is in use when the server stops.
const readers = 12
const account = { username: 'licat', password: 'a password of the proof' }

const keepsFailed = defineFault(
  'a connection that failed and is not given back',
  'stores/sql/postgres.ts',
  'client.release(connection.failure)\n',
  'if (!connection.failure) client.release()\n',
)

export const proveStandstill: Prove = async () => {
  if (!isLinux) return [{ passed: false, text: 'a server that stands still: only Linux can make it so here' }]
  const result = await run({ seconds })
  const broken = await withFault(keepsFailed, (script) => run({ seconds: twinSeconds, script }))
  return [judge(result), judgeTwin(broken)]
}

interface Answer {
  readonly status: number | string
  readonly start: number
  readonly milliseconds: number
  readonly retryAfter: unknown
}

interface State {
  isOver: boolean
  readonly during: Answer[]
  readonly after: Answer[]
  answers: Answer[]
  forgotten: number
}

type Standstill = Awaited<ReturnType<typeof run>>

const run = async ({ seconds: duration, script }: { readonly seconds: number; readonly script?: string }) => {
  const cluster = await openCluster()
  const settings = await cluster.newSettings()
  const service = await openService({ script, settings })
  expectOk(await service.signUp(account))
  const state: State = { isOver: false, during: [], after: [], answers: [], forgotten: 0 }
  const clients = startClients(service, state)
  await delay(2_000)

  state.answers = state.during
  cluster.pause()
  await delay(duration * 1000)
  cluster.resume()
  const resumed = performance.now()
  state.answers = state.after
  while (!isBack(state.after, resumed) && performance.now() - resumed < 10_000) await delay(10)
  const back = performance.now() - resumed
  await delay(5_000)
  const busy = await connectionsOf(settings)
  state.isOver = true
  await Promise.all(clients)
  await delay(500)
  const idle = await connectionsOf(settings)
  await delay(restMilliseconds)
  const rest = await connectionsOf(settings)
  await service.stop()
  cluster.stop()
  return { ...state, back, busy, idle, rest: totalOf(rest), resumed }
}

/** Starts clients, each of which reads, refreshes, logs in and signs up in turn. */
const startClients = (service: Operations, state: State): readonly Promise<void>[] =>
  Array.from({ length: readers }, async (_, n) => {
    let own = expectOk(await service.logIn(account))
    const refresh = async (): Promise<Received> => {
      const answer = await service.refresh(own.refresh_token)
      if (answer.status === 200) own = answer.json
      // The response to the last refresh was lost when the server stopped. The reuse interval is over by now.
      if (answer.status === 400) state.forgotten += 1
      return answer.status === 400 ? logIn() : answer
    }
    const logIn = async (): Promise<Received> => {
      const answer = await service.logIn(account)
      if (answer.status === 200) own = answer.json
      return answer
    }
    const kinds: readonly (() => Promise<Received>)[] = [
      () => service.readProtected(own.access_token),
      refresh,
      logIn,
      () => service.signUp({ username: `reader-${n}-${performance.now()}`, password: account.password }),
    ]
    for (let i = n; !state.isOver; i += 1) {
      const { answers } = state
      const start = performance.now()
      const kind = kinds[i % kinds.length] ?? logIn
      const failed = (error: unknown) => ({ status: codeOf(error), headers: {} })
      const { status, headers }: Pick<Answer, 'status'> & Pick<Received, 'headers'> = await kind().catch(failed)
      answers.push({ status, start, milliseconds: performance.now() - start, retryAfter: headers['retry-after'] })
      // Without a pause, refusals would outnumber everything else.
      if (status !== 200) await delay(50)
    }
  })

const isBack = (answers: readonly Answer[], resumed: number): boolean =>
  answers.some(({ status, start }) => status === 200 && start >= resumed)

const totalOf = (connections: Readonly<Record<string, number>>): number =>
  Object.values(connections).reduce((sum, count) => sum + count, 0)

const lateRefusals = (answers: readonly Answer[], resumed: number): readonly Answer[] =>
  answers.filter(({ status, start }) => status !== 200 && start > resumed + backMilliseconds)

const judge = ({ during, after, back, busy, idle, rest, resumed, forgotten }: Standstill): Result => {
  const longest = Math.max(...during.map(({ milliseconds }) => milliseconds))
  // Requests from before the standstill may still get 200, and so do those that the session cache serves.
  const refused = during.filter(({ status }) => status !== 200)
  const others = refused.filter(({ status, retryAfter }) => status !== 503 || !(Number(retryAfter) > 0))
  const late = lateRefusals(after, resumed)
  const total = totalOf(idle)
  const isWhole = total > 0 && total <= poolSize && idle.idle === total && rest === 0
  return {
    passed:
      longest <= maxMilliseconds &&
      others.length === 0 &&
      refused.length > readers &&
      back <= backMilliseconds &&
      late.length === 0 &&
      isWhole,
    text:
      `a server that stands still for ${seconds} s: ${refused.length} × 503, ${others.length} other refusals, the longest ` +
      `answer ${longest.toFixed(0)} ms (${maxMilliseconds}); back ${back.toFixed(0)} ms after it goes on ` +
      `(${backMilliseconds}), ${late.length} refusals later than that${late
        .map(({ status }) => ` ${status}`)
        .slice(0, 3)
        .join(
          '',
        )}, ${forgotten} sessions whose refresh was cut in two; connections under load ${JSON.stringify(busy)}, ` +
      `afterwards ${JSON.stringify(idle)} (at most ${poolSize}, all idle), and ${rest} once nobody has asked for ${restMilliseconds / 1000} s`,
  }
}

/** PostgreSQL ends the idle transaction of a write, and so its connection. The pool then has one connection less. */
const judgeTwin = ({ rest, busy }: Standstill): Result => {
  const missing = poolSize - totalOf(busy)
  return {
    passed: rest > 0 || missing > 0,
    text:
      'the twin that does not give back a connection that failed is found out: it keeps ' +
      `${rest} that nobody uses, and its pool lacks ${missing} of ${poolSize} under load`,
  }
}
