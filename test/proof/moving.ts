// Imports 10^5 accounts and sessions, or 10^6 with the word `full`. They move to PostgreSQL and back without a change,
// and requests cost no more than with few of them. A copy of a database must be useless to a thief.
import { emptyFolder } from '../support/process.ts'
import { atEnd } from '../support/at-end.ts'
import { isLinux } from '../support/platforms.ts'
import type { Prove, Result } from './proof.ts'
import { spawnSync, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import Libsql from 'libsql'
import pg from 'pg'
import { findPostgres, startPostgres } from '../support/postgres.mjs'
import { comparisonOf, measureStores, ratioOf } from '../../scripts/bench/store-load.mjs'
import { proveDump } from './moving/dump.ts'
import { fillDatabase, runSesame } from './moving/fill.ts'

const few = 1_000
const many = { short: 100_000, full: 1_000_000 }
const minRowsPerSecond = 20_000
const maxRatio = 1.2
const requests = { logIn: 20, refresh: 400, protected: 800 }
const rounds = { short: 15, full: 31 }

type Size = 'short' | 'full'
type Filled = Awaited<ReturnType<typeof fillDatabase>>

export const prove: Prove = async ({ words }) => {
  if (isLinux && spawnSync('script', ['--version']).status !== 0)
    return [{ passed: false, text: 'the program `script` is missing: apt-get install -y bsdutils' }]
  const size: Size = words.includes('full') ? 'full' : 'short'
  const folder = emptyFolder()
  const file = (name: string): string => join(folder, name)
  const server = await startPostgres()
  const stop = atEnd(server.stop)
  const results: Result[] = [
    ...(await proveDump('SQLite', `sqlite:${file('dump.db')}`, folder, () => sqliteBytes(file('dump.db')))),
    ...(await proveDump('PostgreSQL', await newPostgres(server.url, 'dump'), folder, () =>
      pgDump(postgresUrl(server.url, 'dump')),
    )),
  ]
  const large = await fillDatabase(folder, `sqlite:${file('large.db')}`, many[size], { isOnTerminal: isLinux })
  results.push(judgeImport(large, many[size]))
  const returned = `sqlite:${file('returned.db')}`
  const way = [`sqlite:${file('large.db')}`, await newPostgres(server.url, 'moved'), returned]
  results.push(await proveRoundTrip(file, way))
  stop()
  results.push(...(await proveCost(folder, { ...large, databaseUrl: returned }, size)))
  return results
}

const sqliteBytes = (path: string): Buffer =>
  Buffer.concat([path, `${path}-wal`].filter((each) => existsSync(each)).map((each) => readFileSync(each)))

const postgresUrl = (url: string, name: string): string => url.replace(/\/[^/]*$/, `/${name}`)
const newPostgres = async (url: string, name: string): Promise<string> => {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  return postgresUrl(url, name)
}

/** Runs the pg_dump of the same version as the server. */
const pgDump = (url: string): Buffer =>
  execFileSync(join(findPostgres() ?? '', 'pg_dump'), [url], { maxBuffer: 2 ** 28 })

const judgeImport = ({ rowsPerSecond, said }: Filled, count: number): Result => {
  const bar = /[█░]{24} [\d.]+ [KM]iB\/[\d.]+ MiB read, \d+ lines, \d+ a second/u
  const drawn = said.match(new RegExp(bar, 'gu')) ?? []
  return {
    passed: rowsPerSecond >= minRowsPerSecond && (drawn.length > 10 || !isLinux),
    text:
      `${count} accounts and ${count} sessions imported into SQLite, each batch synced: ${rowsPerSecond.toFixed(0)} rows/s ` +
      `(at least ${minRowsPerSecond}), start of the process and reading included; ` +
      (isLinux
        ? `the bar was drawn ${drawn.length} times, once as \`${drawn[Math.floor(drawn.length / 2)] ?? 'nothing'}\``
        : 'the progress bar is not judged: only on Linux does `script` give the program a terminal'),
  }
}

/** Moves the rows from SQLite to PostgreSQL and back. `proveCost` then uses the tokens on the result. */
const proveRoundTrip = async (file: (name: string) => string, way: readonly string[]): Promise<Result> => {
  const hashes: string[] = []
  const times: number[] = []
  for (const [i, databaseUrl] of way.entries()) {
    if (i > 0) {
      await runSesame(databaseUrl, ['migrate', 'up'])
      times.push((await runSesame(databaseUrl, ['import', file(`export-${i - 1}`)])).seconds)
      rmSync(file(`export-${i - 1}`))
    }
    times.push((await runSesame(databaseUrl, ['export', file(`export-${i}`)])).seconds)
    hashes.push(await sha256Of(file(`export-${i}`)))
  }
  rmSync(file(`export-2`))
  // The database that has made the whole way is used from now on.
  for (const end of ['', '-wal', '-shm']) rmSync(`${file('large.db')}${end}`, { force: true })
  const [out, toPostgres, outAgain, toSqlite, outLast] = times.map((seconds) => `${seconds.toFixed(0)} s`)
  return {
    passed: new Set(hashes).size === 1,
    text:
      `SQLite -> PostgreSQL -> SQLite: the SHA-256 of the three exports is ${[...new Set(hashes.map((h) => h.slice(0, 12)))].join(', ')}; ` +
      `export ${out}, import ${toPostgres}, export ${outAgain}, import ${toSqlite}, export ${outLast}`,
  }
}

const sha256Of = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

interface Large extends Filled {
  readonly databaseUrl: string
}

const proveCost = async (folder: string, large: Large, size: Size): Promise<readonly Result[]> => {
  const small = await fillDatabase(folder, `sqlite:${join(folder, 'small.db')}`, few)
  const first = { ...small, name: `${few} accounts`, databaseUrl: `sqlite:${join(folder, 'small.db')}` }
  const last = { ...large, name: `${many[size]} accounts, moved` }
  const { password } = small
  if (password !== large.password) throw new Error('One password is used for all')
  const measured = await measureStores([first, last], { rounds: rounds[size], requests, password })
  const broken = await costWithoutIndex(first, last, password)
  return [
    {
      passed: ['log in', 'refresh', '/protected'].every(
        (kind) => ratioOf(measured[1][kind], measured[0][kind]) <= maxRatio,
      ),
      text:
        `CPU µs a request, on SQLite without a session cache, medians of ${rounds[size]} interleaved rounds (at most ${maxRatio} ` +
        `times); the refresh tokens are those of before the moves`,
      table: comparisonOf(measured),
    },
    {
      passed: broken > maxRatio,
      text: `a database without its index on expires_at is found out: a log-in costs ${broken.toFixed(2)} times as much`,
    },
  ]
}

/** Measures other sessions, because the first ones have newer refresh tokens by now. */
const costWithoutIndex = async (small: Large, large: Large, password: string): Promise<number> => {
  const database = new Libsql(large.databaseUrl.slice('sqlite:'.length))
  database.exec('drop index sessions_by_expiry')
  database.close()
  const others = ({ sessions, ...rest }: Large) => ({ ...rest, sessions: sessions.slice(-20) })
  const few = { logIn: 20, refresh: 0, protected: 0 }
  const measured = await measureStores([others(small), others(large)], { rounds: 3, requests: few, password })
  return ratioOf(measured[1]['log in'], measured[0]['log in'])
}
