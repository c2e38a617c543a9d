// Another process holds the lock of the database, and the event loop goes on.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { atExit, createTemporaryFolder } from '../at-exit.mjs'
import { makeTwin } from '../twin.mjs'
import { expectOk, openService, tally } from './service.mjs'

const clientCount = 16
const heldMilliseconds = { short: 2_000, long: 4_000 }
const maxWaitMilliseconds = 30
const maxBackMilliseconds = 1_000
const maxAnswerMilliseconds = 3_000
// A pause that comes from SQLite comes every time, one that comes from the machine does not.
const runs = 3

export const proveLock = async () => {
  const short = []
  for (let i = 0; i < runs; i += 1) short.push(await run({ held: heldMilliseconds.short }))
  const long = await run({ held: heldMilliseconds.long })
  const twin = makeTwin('stores/sql/sqlite.js', "set('busy_timeout = 0')", "set('busy_timeout = 1500')")
  const broken = await run({ held: heldMilliseconds.short, script: twin.script })
  twin.remove()
  const least = (what) => Math.min(...short.map((outcome) => outcome[what]))
  return [
    {
      passed:
        least('call') <= maxWaitMilliseconds &&
        least('pause') <= maxWaitMilliseconds &&
        short.every((each) => isFine(each)),
      text:
        `another process holds the lock for ${heldMilliseconds.short} ms under ${clientCount} clients: the event loop ` +
        `waits ${least('call').toFixed(1)} ms for SQLite at most, and pauses for ${least('pause').toFixed(1)} ms at most ` +
        `(the least of ${runs} runs, ${maxWaitMilliseconds} ms); ${describe(short.at(-1))}`,
    },
    {
      passed: isFine(long) && long.statuses.includes(503),
      text: `for ${heldMilliseconds.long} ms: ${describe(long)}`,
    },
    {
      passed: broken.call > maxWaitMilliseconds,
      text: `the twin that lets SQLite wait is found out: the event loop waits for ${broken.call.toFixed(0)} ms`,
    },
  ]
}

const isFine = ({ statuses, slowest, back, reads }) =>
  statuses.every((status) => status === 200 || status === 503) &&
  reads.every((status) => status === 200) &&
  slowest <= maxAnswerMilliseconds &&
  back <= maxBackMilliseconds

const describe = ({ statuses, slowest, back, reads }) =>
  `refreshes meanwhile: ${tally(statuses)}, the slowest after ${slowest.toFixed(0)} ms; /protected: ${tally(reads)}; all ` +
  `are served ${back.toFixed(0)} ms after it`

const run = async ({ held, script }) => {
  const folder = createTemporaryFolder()
  const file = join(folder.path, 'sesame.db')
  const service = await openService(file, script)
  const clients = []
  for (let i = 0; i < clientCount; i += 1) {
    expectOk(await service.signUp(`client-${i}`))
    const { access_token: access, refresh_token: refresh } = expectOk(await service.logIn(`client-${i}`))
    clients.push({ access, refresh })
  }
  await service.longest()
  const holder = await holdLock(file)
  const answers = []
  const reads = []
  let isOver = false
  const refreshing = clients.map(async (client) => {
    while (!isOver) answers.push(await refresh(service, client))
  })
  const reading = (async () => {
    while (!isOver) {
      reads.push((await service.readProtected(clients[0].access)).status)
      await delay(20)
    }
  })()
  await delay(held)
  const end = await holder.release()
  isOver = true
  await Promise.all([...refreshing, reading])
  // Each of those that waited was answered, or is answered now.
  const after = await Promise.all(clients.map((client) => refresh(service, client)))
  const back = Date.now() - end
  const { call, pause } = await service.longest()
  await service.kill()
  folder.remove()
  return {
    call,
    pause,
    back: after.every(({ status }) => status === 200) ? back : Infinity,
    reads,
    statuses: answers.map(({ status }) => status),
    slowest: Math.max(...answers.map(({ milliseconds }) => milliseconds)),
  }
}

const refresh = async (service, client) => {
  const answer = await service.refresh(client.refresh)
  if (answer.status === 200) client.refresh = answer.body.refresh_token
  if (answer.status === 503 && !(Number(answer.headers['retry-after']) > 0))
    throw new Error('A 503 without Retry-After')
  return answer
}

/** A process that holds the lock until it is released. */
const holdLock = async (file) => {
  const script = fileURLToPath(new URL('lock-holder.mjs', import.meta.url))
  const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const kill = atExit(() => child.kill('SIGKILL'))
  await once(child, 'message')
  return {
    release: async () => {
      const answer = once(child, 'message')
      child.send('release')
      const [end] = await answer
      kill()
      return end
    },
  }
}
