// Traces the system calls of a server. Before each response, what it has written to the log of the database must be
// synced.
import { expectOk } from '../../support/http.ts'
import type { Prove } from '../proof.ts'
import { emptyFolder, type Program, startProgram } from '../../support/process.ts'
import { defineFault, withFault } from '../../support/planted-fault.ts'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { openService, type SqliteService } from './service.ts'

const clientCount = 8
const refreshes = 25
const calls = 'fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg'

const neverSyncs = defineFault('no sync', 'stores/sql/sqlite.ts', 'synchronous = FULL', 'synchronous = OFF')

export const proveSync: Prove = async () => {
  const service = await trace()
  const broken = await withFault(neverSyncs, trace)
  const describe = ({ answers, early, syncs }: Traced): string =>
    `${answers} answers, ${syncs} syncs of the log, ${early} answers before`
  const { answers, early, syncs, writes } = service
  return [
    {
      passed: early === 0 && answers >= writes && syncs >= writes,
      text: `system calls while ${writes} writes are acknowledged: ${describe(service)} what was written was synced`,
    },
    {
      passed: broken.early >= broken.writes / 2,
      text: `the twin with synchronous = OFF is found out: ${describe(broken)} what was written was synced`,
    },
  ]
}

type Traced = Awaited<ReturnType<typeof trace>>

const trace = async (script?: string) => {
  const folder = emptyFolder()
  const file = join(folder, 'sesame.db')
  const service = await openService(file, script)
  const output = join(folder, 'calls')
  const tracer = attach(service.pid, output)
  await tracer.says('attached')
  const logs = descriptorsOf(service.pid, `${file}-wal`)
  const writes = await write(service)
  // The tracer ends after the server, so that it has seen all calls.
  await service.kill()
  await tracer.exit
  const judged = judge(readFileSync(output, 'latin1').split('\n'), logs)
  return { ...judged, writes }
}

/** Needs strace: apt-get install -y strace. */
const attach = (pid: number, output: string): Program =>
  startProgram('strace', ['-f', '-e', `trace=${calls}`, '-s', '16', '-p', String(pid), '-o', output])

const descriptorsOf = (pid: number, path: string): readonly string[] =>
  readdirSync(`/proc/${pid}/fd`).filter((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`) === path
    } catch {
      return false
    }
  })

/** Signs up and logs in one by one, then refreshes all sessions at once. Returns the number of writes. */
const write = async (service: SqliteService): Promise<number> => {
  const tokens: string[] = []
  for (let i = 0; i < clientCount; i += 1) {
    expectOk(await service.signUp(`client-${i}`))
    tokens.push(expectOk(await service.logIn(`client-${i}`)).refresh_token)
  }
  const refreshAll = async (first: string): Promise<void> => {
    let token = first
    for (let i = 0; i < refreshes; i += 1) token = expectOk(await service.refresh(token)).refresh_token
  }
  await Promise.all(tokens.map(refreshAll))
  return clientCount * (2 + refreshes)
}

/** Goes through the calls in their order. A call that another thread has interrupted is on two lines: a write counts
 * from the first line, a sync from the second. */
const judge = (lines: readonly string[], logs: readonly string[]) => {
  const pending = new Map<string, string>()
  let [answers, early, syncs] = [0, 0, 0]
  let isSynced = true
  for (const line of lines) {
    const begun = /^(\d+) +(\w+)\((\d+)/.exec(line)
    const resumed = /^(\d+) +<\.\.\. (\w+) resumed>/.exec(line)
    const [, thread = '', name] = begun ?? resumed ?? []
    const fd = (begun ? begun[3] : pending.get(thread)) ?? ''
    const isOver = !line.endsWith('<unfinished ...>')
    if (begun && !isOver) pending.set(thread, fd)
    const isOfLog = logs.includes(fd)
    // A socket may have the number of a closed log. Only writes to files use pwrite64.
    if (begun && isOfLog && name === 'pwrite64') isSynced = false
    if (isOver && isOfLog && /sync$/.test(name ?? '') && / = 0$/.test(line)) {
      isSynced = true
      syncs += 1
    }
    if (begun && line.includes('HTTP/1.1 200')) {
      answers += 1
      if (!isSynced) early += 1
    }
  }
  return { answers, early, syncs }
}
