// A server whose processes all stand still, and go on after 30 seconds.
import { setTimeout as delay } from 'node:timers/promises'
import { isLinux } from '../linux-process.mjs'
import { expectOk, openService } from '../session-races/service.mjs'
import { makeTwin } from '../twin.mjs'
import { connectionsOf, openCluster, poolSize } from './cluster.mjs'

const seconds = 30
const twinSeconds = 6
const maxMilliseconds = 5_000
const backMilliseconds = 2_000
// After 10 s the pool closes connections that nobody uses; one that was not given back stays.
const restMilliseconds = 12_000
// More than there are connections, so that each one is in use when the server stops.
const readers = 12
const account = { username: 'licat', password: 'a password of the proof' }

export const proveStandstill = async () => {
  if (!isLinux) return [{ passed: false, text: 'a server that stands still: only Linux can make it so here' }]
  const result = await run({ seconds })
  const twin = makeTwin(
    'stores/sql/postgres.js',
    'client.release(loan.failure);',
    'if (!loan.failure) client.release();',
  )
  const broken = await run({ seconds: twinSeconds, script: twin.script })
  twin.remove()
  return [judge(result), judgeTwin(broken)]
}

const run = async ({ seconds: duration, script }) => {
  const cluster = await openCluster()
  const settings = await cluster.newSettings()
  const service = await openService({ script, settings })
  expectOk(await service.signUp(account))
  const state = { isOver: false, during: [], after: [], answers: [], forgotten: 0 }
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

/** Each reads, refreshes, logs in and signs up in turn. */
const startClients = (service, state) =>
  Array.from({ length: readers }, async (_, n) => {
    let own = expectOk(await service.logIn(account))
    const refresh = async () => {
      const answer = await service.refresh(own.refresh_token)
      if (answer.status === 200) own = answer.body
      // Its answer was lost when the server stopped, longer ago than a refresh may be repeated.
      if (answer.status === 400) state.forgotten += 1
      return answer.status === 400 ? logIn() : answer
    }
    const logIn = async () => {
      const answer = await service.logIn(account)
      if (answer.status === 200) own = answer.body
      return answer
    }
    const kinds = [
      () => service.readProtected(own.access_token),
      refresh,
      logIn,
      () => service.signUp({ username: `reader-${n}-${performance.now()}`, password: account.password }),
    ]
    for (let i = n; !state.isOver; i += 1) {
      const { answers } = state
      const start = performance.now()
      const failed = (error) => ({ status: error.code ?? error.message, headers: {} })
      const { status, headers } = await kinds[i % kinds.length]().catch(failed)
      answers.push({ status, start, milliseconds: performance.now() - start, retryAfter: headers['retry-after'] })
      // Otherwise a crowd of refusals says nothing.
      if (status !== 200) await delay(50)
    }
  })

const isBack = (answers, resumed) => answers.some(({ status, start }) => status === 200 && start >= resumed)

const totalOf = (connections) => Object.values(connections).reduce((sum, count) => sum + count, 0)

const judge = ({ during, after, back, busy, idle, rest, resumed, forgotten }) => {
  const longest = Math.max(...during.map(({ milliseconds }) => milliseconds))
  // What was asked before the server stood still, or is answered from what is known of a session for a second, is 200.
  const refused = during.filter(({ status }) => status !== 200)
  const others = refused.filter(({ status, retryAfter }) => status !== 503 || !(Number(retryAfter) > 0))
  const late = after.filter(({ status, start }) => status !== 200 && start > resumed + backMilliseconds)
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

const judgeTwin = ({ rest }) => ({
  passed: rest > 0,
  text: `the twin that does not give back a connection that failed is found out: it keeps ${rest} that nobody uses`,
})
