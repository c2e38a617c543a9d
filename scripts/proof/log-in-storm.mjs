// A thousand log-ins at once: all are answered, memory stays bounded, and never more argon2 hashes run at a time
// than the machine has cores.
//
// Hashes are counted where the service hands them to argon2: exact, on every system, and never less than those that
// run. Linux is asked as well, since argon2 might start threads of its own: for how long all threads but the main
// one were runnable, on a core *or* waiting for one, over the time of the storm. Four hashes at a time are four busy
// threads by that, even where only two can be on a core. V8's helpers and the log's writer count too, hence the margin
// of half a thread.
import { once } from 'node:events'
import { connect } from 'node:net'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { logIn, signUp } from './http-client.mjs'
import { isLinux, mostResidentMib, residentMib, runnableMilliseconds } from './linux-process.mjs'
import { productionSettings, startServer } from './server.mjs'
import { makeTwin } from './twin.mjs'

const cores = availableParallelism()
const logIns = 1000
const warmUps = 10
const maxGrowthMib = 100
const maxBusyThreads = cores + 0.5
// Threads of libuv, on which hashes run: enough that it is not their number that bounds the hashes. Up to two cores
// this is Node's default.
const threads = String(Math.max(4, 2 * cores))

const account = { username: 'licat', password: 'a password of the proof' }
const kinds = [
  { credentials: () => account, status: 200 },
  { credentials: () => ({ ...account, password: 'not the password' }), status: 401 },
  { credentials: (i) => ({ username: `nobody-${i}`, password: 'not the password' }), status: 401 },
]

export const prove = async () => {
  const service = await storm({})
  const twin = makeTwin('service.js', 'concurrency: hashesAtOnce(config)', 'concurrency: 4 * availableParallelism()')
  const broken = await storm(twin)
  twin.remove()
  return [judgeAnswers(service), ...(isLinux ? [judgeMemory(service)] : []), judgeHashes(service), judgeTwin(broken)]
}

const storm = async ({ script }) => {
  const settings = { ...productionSettings(), UV_THREADPOOL_SIZE: threads }
  const server = await startServer({ script, settings, preload: new URL('hash-counter.mjs', import.meta.url) })
  await signUp(server.url, account)
  for (let i = 0; i < warmUps; i += 1) await logIn(server.url, account)
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
  const [latencies] = await once(watch, 'message')
  const growthMib = isLinux ? mostResidentMib(server.pid) - idleMib : 0
  const { highest: hashes } = await server.ask('most hashes at a time')
  await server.stop()
  return { answers, seconds: milliseconds / 1000, latencies, idleMib, growthMib, hashes, busyThreads }
}

const openSocket = async (port) => {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

/** @returns the status of the answer, or what is wrong with it */
const attempt = async (url, socket, i) => {
  const { credentials, status: wanted } = kinds[i % kinds.length]
  try {
    const { status, headers } = await logIn(url, credentials(i), { createConnection: () => socket })
    if (status === 503) return Number(headers['retry-after']) > 0 ? 503 : '503 without Retry-After'
    return status === wanted ? status : `${status} instead of ${wanted}`
  } catch (error) {
    return error.message
  }
}

const judgeAnswers = ({ answers, seconds, latencies }) => {
  const counts = new Map()
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1)
  const sorted = latencies.toSorted((a, b) => a - b)
  const quantile = (share) => sorted[Math.floor((sorted.length - 1) * share)].toFixed(1)
  return {
    passed: answers.every((answer) => [200, 401, 503].includes(answer)),
    text:
      `${logIns} log-ins at once, answered within ${seconds.toFixed(1)} s: ` +
      [...counts].map(([answer, count]) => `${count} × ${answer}`).join(', ') +
      `; /health/live meanwhile (${sorted.length} times): ` +
      `median ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms, most ${quantile(1)} ms`,
  }
}

const judgeMemory = ({ idleMib, growthMib }) => ({
  passed: growthMib <= maxGrowthMib,
  text: `resident memory ${idleMib.toFixed(0)} MiB idle, at most ${growthMib.toFixed(0)} MiB more (${maxGrowthMib} MiB)`,
})

const isBounded = ({ hashes, busyThreads }) => hashes <= cores && busyThreads <= maxBusyThreads

const describeHashes = ({ hashes, busyThreads }) =>
  `at most ${hashes} hashes at a time` + (isLinux ? `, on average ${busyThreads.toFixed(2)} busy threads` : '')

const judgeHashes = (observed) => ({
  passed: isBounded(observed),
  text: `${describeHashes(observed)} (${cores} cores)`,
})

const judgeTwin = (observed) => ({
  passed: observed.hashes > cores && (!isLinux || observed.busyThreads > maxBusyThreads),
  text: `the twin with four times as many slots is found out, by both counts: ${describeHashes(observed)}`,
})
