// Sends a thousand log-ins at once. Each gets a declared response, memory stays bounded, liveness stays quick, and no
// more argon2 hashes run at a time than the machine has cores.
//
// A preloaded module counts the hashes that the service has handed to argon2. argon2 might start threads of its own, so
// that Linux is asked as well: for how long all threads but the main one were runnable, on a core or waiting for one.
// Four hashes at a time are four busy threads by that measure, even on two cores. The margin of half a thread is for
// V8's helpers and the writer of the log.
import { productionSettings, startServer } from '../support/process.ts'
import { defineFault, withFault } from '../support/planted-fault.ts'
import { type Account, logIn, plainClient, send, signUp, tally } from '../support/http.ts'
import type { Prove, Result } from './proof.ts'
import { mostResidentMib, residentMib, runnableMilliseconds } from '../support/linux-process.ts'
import { isLinux } from '../support/platforms.ts'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'

const cores = availableParallelism()
const logIns = 1000
const warmUps = 10
const maxGrowthMib = 100
// `/health/live` needs no hash, so that it must not wait for those of the storm.
const maxLivenessMilliseconds = 500
const maxBusyThreads = cores + 0.5
// Hashes run on the threads of libuv. There are enough that their number does not bound the hashes. Up to two cores
// this is Node's default.
const threads = String(Math.max(4, 2 * cores))

const account = { username: 'licat', password: 'a password of the proof' }
interface Kind {
  readonly credentials: (i: number) => Account
  readonly status: number
}

const kinds: readonly Kind[] = [
  { credentials: () => account, status: 200 },
  { credentials: () => ({ ...account, password: 'not the password' }), status: 401 },
  { credentials: (i) => ({ username: `nobody-${i}`, password: 'not the password' }), status: 401 },
]

const manyHashes = defineFault(
  'four times as many hashes at a time',
  'service.ts',
  'concurrency: hashConcurrency(config)',
  'concurrency: 4 * availableParallelism()',
)

export const prove: Prove = async () => {
  const service = await storm()
  const broken = await withFault(manyHashes, (script) => storm(script))
  return [
    judgeResponses(service),
    judgeLiveness(service),
    judgeMemory(service),
    judgeHashes(service),
    judgeTwin(broken),
  ]
}

type Storm = Awaited<ReturnType<typeof storm>>

const storm = async (script?: string) => {
  const settings = { ...productionSettings(), UV_THREADPOOL_SIZE: threads }
  const server = await startServer({ script, settings, preload: new URL('hash-counter.mjs', import.meta.url) })
  const client = plainClient(server.url)
  await signUp(client, account.username, account.password)
  for (let i = 0; i < warmUps; i += 1) await logIn(client, account.username, account.password)
  const idleMib = isLinux ? residentMib(server.pid) : 0

  const sockets = await Promise.all(Array.from({ length: logIns }, () => openSocket(server.port)))
  const watch = new Worker(new URL('liveness-watch.mjs', import.meta.url), { workerData: { url: server.url } })
  await once(watch, 'online')
  const runnable = () => (isLinux ? runnableMilliseconds(server.pid) : 0)

  const [start, before] = [performance.now(), runnable()]
  const answers = await Promise.all(sockets.map((socket, i) => attempt(server.url, socket, i)))
  const milliseconds = performance.now() - start
  const busyThreads = (runnable() - before) / milliseconds

  watch.postMessage('over')
  const [latencies] = (await once(watch, 'message')) as [readonly number[]]
  const growthMib = isLinux ? mostResidentMib(server.pid) - idleMib : 0
  const { highest: hashes } = await server.ask('most hashes at a time')
  await server.stop()
  return { answers, seconds: milliseconds / 1000, latencies, idleMib, growthMib, hashes, busyThreads }
}

const openSocket = async (port: number): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

/** @returns the status of the response, or a text that says what is wrong with it */
const attempt = async (url: string, socket: Socket, i: number): Promise<number | string> => {
  const kind = kinds[i % kinds.length] as Kind
  const { username, password } = kind.credentials(i)
  try {
    const { status, headers } = await logIn(
      (sent) => send(url, { ...sent, createConnection: () => socket }),
      username,
      password,
    )
    if (status === 503) return Number(headers['retry-after']) > 0 ? 503 : '503 without Retry-After'
    return status === kind.status ? status : `${status} instead of ${kind.status}`
  } catch (error) {
    return (error as Error).message
  }
}

/** Each log-in gets a declared response, and some get through. */
const judgeResponses = ({ answers, seconds }: Storm): Result => ({
  passed:
    answers.every((answer) => [200, 401, 503].some((status) => status === answer)) &&
    answers.includes(200) &&
    answers.includes(401),
  text: `${logIns} log-ins at once, answered within ${seconds.toFixed(1)} s: ${tally(answers)}`,
})

const judgeLiveness = ({ latencies }: Storm): Result => {
  const sorted = latencies.toSorted((a, b) => a - b)
  const quantile = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Infinity
  return {
    passed: sorted.length > 0 && quantile(1) < Infinity && quantile(0.99) <= maxLivenessMilliseconds,
    text:
      `/health/live meanwhile, ${sorted.length} times, ${sorted.filter((each) => each === Infinity).length} failed: ` +
      `median ${quantile(0.5).toFixed(1)} ms, p99 ${quantile(0.99).toFixed(1)} ms (${maxLivenessMilliseconds} ms), ` +
      `most ${quantile(1).toFixed(1)} ms`,
  }
}

const judgeMemory = ({ idleMib, growthMib }: Storm): Result => ({
  passed: growthMib <= maxGrowthMib,
  text: !isLinux
    ? 'memory is not judged: only Linux tells the most that a process ever had'
    : `resident memory ${idleMib.toFixed(0)} MiB idle, at most ${growthMib.toFixed(0)} MiB more (${maxGrowthMib} MiB)`,
})

const isBounded = ({ hashes, busyThreads }: Storm): boolean => hashes <= cores && busyThreads <= maxBusyThreads

const describeHashes = ({ hashes, busyThreads }: Storm): string =>
  `at most ${hashes} hashes at a time` + (isLinux ? `, on average ${busyThreads.toFixed(2)} busy threads` : '')

const judgeHashes = (observed: Storm): Result => ({
  passed: isBounded(observed),
  text: `${describeHashes(observed)} (${cores} cores)`,
})

const judgeTwin = (observed: Storm): Result => ({
  passed: observed.hashes > cores && (!isLinux || observed.busyThreads > maxBusyThreads),
  text: `the twin with four times as many slots is found out, by both counts: ${describeHashes(observed)}`,
})
