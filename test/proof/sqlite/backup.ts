// Makes a backup under load. It holds what was acknowledged before, it can be served, and it does not delay other
// writes.
import { expectOk } from '../../support/http.ts'
import type { Prove, Result } from '../proof.ts'
import { emptyFolder } from '../../support/process.ts'
import { defineFault, withFault } from '../../support/planted-fault.ts'
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Libsql from 'libsql'
import { generationOf, openService, runCommand, type SqliteService } from './service.ts'

const clientCount = 16
const warmUpMilliseconds = 2_000
// The longest time between two acknowledged writes.
const maxGapMilliseconds = 500
const twinRows = 5_000
const mib = 2 ** 20

const copiesFile = defineFault(
  'a copy of the file alone',
  'stores/sql/sqlite-backup.ts',
  'await copy(from, to)',
  "await import('node:fs').then(({ copyFileSync }) => copyFileSync(from, to))",
)
// The server of the twin leaves all writes in the log. A checkpoint could make a copy of the file alone complete.
const leavesLog = defineFault('no checkpoints', 'stores/sql/sqlite-checkpoints.ts', 'writes < writesBetween', 'true')

// The database begins with this number of accounts, and with as many sessions.
const rows = { short: 20_000, full: 400_000 }

export const proveBackup: Prove = async ({ words }) => {
  const outcome = await run(words.includes('full') ? rows.full : rows.short)
  const broken = await withFault(copiesFile, (command) =>
    withFault(leavesLog, (server) => run(twinRows, { command, server })),
  )
  return [
    ...judge(outcome),
    {
      passed: isFoundOut(broken),
      text: `the twin that copies the file alone is found out: ${broken.faults[0] ?? broken.command.output}`,
    },
  ]
}

type Backup = Awaited<ReturnType<typeof run>>

/** Whether the command itself refuses the copy, or the copy lacks something. */
const isFoundOut = ({ command, faults }: Backup): boolean =>
  (command.status === 1 && command.output.includes('the copy is corrupt')) || faults.length > 0

const run = async (rows: number, scripts: { readonly command?: string; readonly server?: string } = {}) => {
  const folder = emptyFolder()
  const [file, copy] = [join(folder, 'sesame.db'), join(folder, 'copy.db')]
  await fill(file, rows)
  const service = await openService(file, scripts.server)
  const clients = await signUpAll(service)

  const load = startLoad(service, clients)
  await delay(warmUpMilliseconds)
  const usual = load.restartWatch()
  await service.longest()
  // The copy must contain every write that was acknowledged before this moment.
  const before = clients.map(({ tokens }) => tokens.at(-1) ?? '')
  const start = performance.now()
  const command = await runCommand(file, ['backup', copy], scripts.command)
  const seconds = (performance.now() - start) / 1000
  const during = load.restartWatch()
  const waits = await service.longest()
  await delay(warmUpMilliseconds)
  const afterwards = load.restartWatch()
  const after = await service.longest()
  const again = await runCommand(file, ['backup', copy])
  await load.stop()
  const log = statSync(`${file}-wal`).size / mib
  await service.kill()
  // The copy must not need the files of the original.
  for (const end of ['', '-wal', '-shm', '-server']) rmSync(`${file}${end}`, { force: true })
  const isMade = command.status === 0
  const faults = isMade ? await compare(copy, clients, before) : []
  const mode = isMade ? (statSync(copy).mode & 0o777).toString(8) : 'none'
  const size = isMade ? statSync(copy).size / mib : 0
  const gap = Math.max(during.gap, afterwards.gap)
  const call = Math.max(waits.call, after.call)
  return { command, again, faults, mode, size, seconds, usual, during, gap, call, log }
}

const judge = ({
  command,
  again,
  faults,
  mode,
  size,
  seconds,
  usual,
  during,
  gap,
  call,
  log,
}: Backup): readonly Result[] => [
  {
    passed: command.status === 0 && faults.length === 0 && mode === '600' && again.status === 1,
    text:
      `a copy of ${size.toFixed(0)} MiB made in ${seconds.toFixed(1)} s under ${clientCount} clients, mode ${mode}, a ` +
      `second one under its name refused; served in place of the original: ${
        faults.length === 0 ? 'everything that was acknowledged before is there' : faults.join('; ')
      }${command.status === 0 ? '' : command.output}`,
  },
  {
    passed: gap <= maxGapMilliseconds && during.writes > 0,
    text:
      `meanwhile and for ${warmUpMilliseconds / 1000} s after it two acknowledged writes are ${gap.toFixed(0)} ms apart ` +
      `at most (${maxGapMilliseconds} ms), ${usual.gap.toFixed(0)} ms before it; ` +
      `${(during.writes / seconds).toFixed(0)} writes a second, ` +
      `${(usual.writes / (warmUpMilliseconds / 1000)).toFixed(0)} before it; the event loop waits ${call.toFixed(0)} ms ` +
      `for SQLite at most; the log has ${log.toFixed(0)} MiB at the end`,
  },
]

const fill = async (file: string, rows: number): Promise<void> => {
  const migrated = await runCommand(file, ['migrate', 'up'])
  if (migrated.status !== 0) throw new Error(migrated.output)
  const connection = new Libsql(file)
  connection.exec('pragma synchronous = off')
  const numbers = `with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${rows})`
  connection.exec(`insert into accounts ${numbers} select
    hex(randomblob(32)), 'name-' || n, hex(randomblob(48)), 0, unixepoch() from numbers`)
  connection.exec(`insert into sessions select
    hex(randomblob(16)), id, 0, 'public', 'account:read account:write sessions:read sessions:write',
    unixepoch(), unixepoch(), unixepoch() + 604800, 0, hex(randomblob(22)) from accounts`)
  connection.exec('pragma wal_checkpoint(TRUNCATE)')
  connection.close()
}

interface BackupClient {
  readonly name: string
  readonly tokens: string[]
}

const signUpAll = async (service: SqliteService): Promise<readonly BackupClient[]> => {
  const clients: BackupClient[] = []
  for (let i = 0; i < clientCount; i += 1) {
    const name = `client-${i}`
    expectOk(await service.signUp(name))
    clients.push({ name, tokens: [expectOk(await service.logIn(name)).refresh_token] })
  }
  return clients
}

/** Starts clients that refresh without a pause until `stop` is called. */
const startLoad = (service: SqliteService, clients: readonly BackupClient[]) => {
  let isOver = false
  let [last, gap, writes] = [performance.now(), 0, 0]
  const note = () => {
    const now = performance.now()
    gap = Math.max(gap, now - last)
    last = now
    writes += 1
  }
  const working = clients.map(async ({ tokens }) => {
    while (!isOver) {
      tokens.push(expectOk(await service.refresh(tokens.at(-1) ?? '')).refresh_token)
      note()
    }
  })
  return {
    restartWatch: () => {
      const watched = { gap: Math.max(gap, performance.now() - last), writes }
      ;[last, gap, writes] = [performance.now(), 0, 0]
      return watched
    },
    stop: async () => {
      isOver = true
      await Promise.all(working)
    },
  }
}

/** Serves the copy. Each session must have the generation of its last token before the backup or a later one, and must
 * go on from there. Every client must be able to log in.
 * @returns what the copy lacks */
const compare = async (
  copy: string,
  clients: readonly BackupClient[],
  before: readonly string[],
): Promise<readonly string[]> => {
  const generations = new Map(clients.map((client) => [client, readGeneration(copy, client)]))
  const faults: string[] = []
  for (const [i, client] of clients.entries()) {
    const generation = generations.get(client) ?? -1
    if (generation < generationOf(before[i] ?? '')) faults.push(`${client.name}: a refresh is lost (${generation})`)
  }
  const service = await openService(copy)
  for (const client of clients) {
    const token = client.tokens.find((each) => generationOf(each) === generations.get(client))
    const { status } = await service.refresh(token ?? client.tokens.at(-1) ?? '')
    const logIn = await service.logIn(client.name)
    if (status !== 200 || logIn.status !== 200) faults.push(`${client.name}: refresh ${status}, log-in ${logIn.status}`)
  }
  await service.kill()
  const doctor = await runCommand(copy, ['doctor'])
  if (doctor.status !== 0) faults.push(doctor.output)
  return faults
}

const readGeneration = (copy: string, { tokens }: BackupClient): number | undefined => {
  const id = Buffer.from(tokens[0] ?? '', 'base64url').toString('hex', 5, 21)
  const uuid = id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  const connection = new Libsql(copy)
  const [row] = connection.prepare('select generation from sessions where id = ?').all([uuid]) as {
    generation: number
  }[]
  connection.close()
  return row?.generation
}
