// Another process holds the lock of the database. The event loop of the service must not wait for it.
import { expectOk, tally } from '../../support/http.ts'
import type { Prove } from '../proof.ts'
import { emptyFolder } from '../../support/process.ts'
import { defineFault, withFault } from '../../support/planted-fault.ts'
import { holdLock } from '../../support/lock.ts'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openService, type SqliteService } from './service.ts'

const clientCount = 16
const heldMilliseconds = { short: 2_000, long: 4_000 }
const maxWaitMilliseconds = 30
const maxBackMilliseconds = 1_000
const maxAnswerMilliseconds = 3_000
// The twin lets SQLite wait for 1500 ms.
const minTwinMilliseconds = 1_000
// SQLite causes its pauses in every run. The machine does not, so that the least of several runs counts.
const runs = 3

const waits = defineFault(
  'SQLite waits for the lock',
  'stores/sql/sqlite.ts',
  "set('busy_timeout = 0')",
  "set('busy_timeout = 1500')",
)

export const proveLock: Prove = async () => {
  const short: Outcome[] = []
  for (let i = 0; i < runs; i += 1) short.push(await run({ held: heldMilliseconds.short }))
  const long = await run({ held: heldMilliseconds.long })
  const broken = await withFault(waits, (script) => run({ held: heldMilliseconds.short, script }))
  const least = (what: 'call' | 'pause'): number => Math.min(...short.map((outcome) => outcome[what]))
  return [
    {
      passed:
        least('call') <= maxWaitMilliseconds &&
        least('pause') <= maxWaitMilliseconds &&
        short.every((each) => isFine(each)),
      text:
        `another process holds the lock for ${heldMilliseconds.short} ms under ${clientCount} clients: the event loop ` +
        `waits ${least('call').toFixed(1)} ms for SQLite at most, and pauses for ${least('pause').toFixed(1)} ms at most ` +
        `(the least of ${runs} runs, ${maxWaitMilliseconds} ms); ${describe(short.at(-1) as Outcome)}`,
    },
    {
      passed: isFine(long) && long.statuses.includes(503),
      text: `for ${heldMilliseconds.long} ms: ${describe(long)}`,
    },
    {
      passed: broken.call >= minTwinMilliseconds,
      text: `the twin that lets SQLite wait is found out: the event loop waits for ${broken.call.toFixed(0)} ms`,
    },
  ]
}

const isFine = ({ statuses, slowest, back, reads }: Outcome): boolean =>
  statuses.every((status) => status === 200 || status === 503) &&
  reads.every((status) => status === 200) &&
  slowest <= maxAnswerMilliseconds &&
  back <= maxBackMilliseconds

const describe = ({ statuses, slowest, back, reads }: Outcome): string =>
  `refreshes meanwhile: ${tally(statuses)}, the slowest after ${slowest.toFixed(0)} ms; /protected: ${tally(reads)}; all ` +
  `are served ${back.toFixed(0)} ms after it`

type Outcome = Awaited<ReturnType<typeof run>>

const run = async ({ held, script }: { readonly held: number; readonly script?: string }) => {
  const folder = emptyFolder()
  const file = join(folder, 'sesame.db')
  const service = await openService(file, script)
  const clients: LockClient[] = []
  for (let i = 0; i < clientCount; i += 1) {
    expectOk(await service.signUp(`client-${i}`))
    const { access_token: access, refresh_token: refresh } = expectOk(await service.logIn(`client-${i}`))
    clients.push({ access, refresh })
  }
  await service.longest()
  const release = await holdLock(file)
  const answers: Awaited<ReturnType<typeof refresh>>[] = []
  const reads: number[] = []
  const state = { isOver: false }
  const refreshing = clients.map(async (client) => {
    while (!state.isOver) answers.push(await refresh(service, client))
  })
  const reading = (async () => {
    while (!state.isOver) {
      reads.push((await service.readProtected(clients[0]?.access ?? '')).status)
      await delay(20)
    }
  })()
  await delay(held)
  const end = await release()
  state.isOver = true
  await Promise.all([...refreshing, reading])
  // Every client must get its refresh now.
  const after = await Promise.all(clients.map((client) => refresh(service, client)))
  const back = Date.now() - end
  const { call, pause } = await service.longest()
  await service.kill()
  return {
    call,
    pause,
    back: after.every(({ status }) => status === 200) ? back : Infinity,
    reads,
    statuses: answers.map(({ status }) => status),
    slowest: Math.max(...answers.map(({ milliseconds }) => milliseconds)),
  }
}

interface LockClient {
  readonly access: string
  refresh: string
}

const refresh = async (service: SqliteService, client: LockClient) => {
  const start = performance.now()
  const answer = await service.refresh(client.refresh)
  if (answer.status === 200) client.refresh = answer.json.refresh_token
  if (answer.status === 503 && !(Number(answer.headers['retry-after']) > 0))
    throw new Error('A 503 without Retry-After')
  return { status: answer.status, milliseconds: performance.now() - start }
}
