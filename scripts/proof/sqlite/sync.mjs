// Watches the system calls of a server: whenever it answers, what it has written to the log of the database is synced.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { createTemporaryFolder } from '../at-exit.mjs'
import { makeTwin } from '../twin.mjs'
import { expectOk, openService } from './service.mjs'

const clientCount = 8
const refreshes = 25
const calls = 'fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg'

export const proveSync = async () => {
  const service = await trace()
  const twin = makeTwin('stores/sql/sqlite.js', 'synchronous = FULL', 'synchronous = OFF')
  const broken = await trace(twin.script)
  twin.remove()
  const describe = ({ answers, early, syncs }) =>
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

const trace = async (script) => {
  const folder = createTemporaryFolder()
  const file = join(folder.path, 'sesame.db')
  const service = await openService(file, script)
  const output = join(folder.path, 'calls')
  const tracer = await attach(service.pid, output)
  const logs = descriptorsOf(service.pid, `${file}-wal`)
  const writes = await write(service)
  // The server goes first: the tracer then has seen all of it, and ends.
  const ended = once(tracer, 'exit')
  await service.kill()
  await ended
  const judged = judge(readFileSync(output, 'latin1').split('\n'), logs)
  folder.remove()
  return { ...judged, writes }
}

const attach = async (pid, output) => {
  const tracer = spawn('strace', ['-f', '-e', `trace=${calls}`, '-s', '16', '-p', String(pid), '-o', output], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await new Promise((resolve, reject) => {
    let said = ''
    tracer.once('error', () => reject(new Error('There is no strace here: apt-get install -y strace')))
    tracer.once('exit', () => reject(new Error(`strace did not attach: ${said}`)))
    tracer.stderr.setEncoding('utf8').on('data', (text) => {
      said += text
      if (/attached/.test(said)) resolve()
    })
  })
  return tracer
}

const descriptorsOf = (pid, path) =>
  readdirSync(`/proc/${pid}/fd`).filter((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`) === path
    } catch {
      return false
    }
  })

/** Sign-ups and log-ins one by one, then refreshes of all at once. */
const write = async (service) => {
  const tokens = []
  for (let i = 0; i < clientCount; i += 1) {
    expectOk(await service.signUp(`client-${i}`))
    tokens.push(expectOk(await service.logIn(`client-${i}`)).refresh_token)
  }
  const refreshAll = async (first) => {
    let token = first
    for (let i = 0; i < refreshes; i += 1) token = expectOk(await service.refresh(token)).refresh_token
  }
  await Promise.all(tokens.map(refreshAll))
  return clientCount * (2 + refreshes)
}

/** Goes through the calls in their order. One that another thread has interrupted is on two lines: a write counts from the
 * first of them, a sync from the second. */
const judge = (lines, logs) => {
  const pending = new Map()
  let [answers, early, syncs, isSynced] = [0, 0, 0, true]
  for (const line of lines) {
    const begun = /^(\d+) +(\w+)\((\d+)/.exec(line)
    const resumed = /^(\d+) +<\.\.\. (\w+) resumed>/.exec(line)
    const [, thread, name] = begun ?? resumed ?? []
    const fd = begun ? begun[3] : pending.get(thread)
    const isOver = !line.endsWith('<unfinished ...>')
    if (begun && !isOver) pending.set(thread, fd)
    const isOfLog = logs.includes(fd)
    // A socket may have got the number of a log that was closed: only files are written by pwrite64.
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
