// Many accounts and sessions are imported, cost no more than a few, and come back byte by byte by way of another database;
// and what a copy of a database is worth to a thief. 10^5 of each, or 10^6 by the word `full`.
import { spawnSync, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import Libsql from 'libsql'
import pg from 'pg'
import { findPostgres, startPostgres } from '../../test/support/postgres.mjs'
import { comparisonOf, measureStores, ratioOf } from '../bench/store-load.mjs'
import { atExit, createTemporaryFolder } from './at-exit.mjs'
import { proveDump } from './moving/dump.mjs'
import { fillDatabase, runSesame } from './moving/fill.mjs'

const few = 1_000
const many = { short: 100_000, full: 1_000_000 }
const minRowsPerSecond = 20_000
const maxRatio = 1.2
const requests = { logIn: 20, refresh: 400, protected: 800 }
const rounds = { short: 15, full: 31 }

export const prove = async ([size = 'short']) => {
  const folder = createTemporaryFolder()
  const file = (name) => join(folder.path, name)
  const server = await startPostgres()
  const stop = atExit(server.stop)
  const results = [
    ...(await proveDump('SQLite', `sqlite:${file('dump.db')}`, folder.path, () => sqliteBytes(file('dump.db')))),
    ...(await proveDump('PostgreSQL', await newPostgres(server.url, 'dump'), folder.path, () =>
      pgDump(postgresUrl(server.url, 'dump')),
    )),
  ]
  const large = await fillDatabase(folder.path, `sqlite:${file('large.db')}`, many[size], { isOnTerminal: hasScript })
  results.push(judgeImport(large, many[size]))
  results.push(await proveRoundTrip(file, await newPostgres(server.url, 'moved'), large))
  stop()
  results.push(...(await proveCost(folder.path, file('large.db'), large, size)))
  folder.remove()
  return results
}

const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0

const sqliteBytes = (path) =>
  Buffer.concat([path, `${path}-wal`].filter((each) => existsSync(each)).map((each) => readFileSync(each)))

const postgresUrl = (url, name) => url.replace(/\/[^/]*$/, `/${name}`)
const newPostgres = async (url, name) => {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  return postgresUrl(url, name)
}

/** Of the same version as the server. */
const pgDump = (url) => execFileSync(join(findPostgres(), 'pg_dump'), [url], { maxBuffer: 2 ** 28 })

const judgeImport = ({ rowsPerSecond, said }, count) => {
  const bar = /[█░]{24} \d+\/\d+ MiB, \d+ lines, \d+ a second/u
  const drawn = said.match(new RegExp(bar, 'gu')) ?? []
  return {
    passed: rowsPerSecond >= minRowsPerSecond && (drawn.length > 10 || !hasScript),
    text:
      `${count} accounts and ${count} sessions imported into SQLite, each batch synced: ${rowsPerSecond.toFixed(0)} rows/s ` +
      `(at least ${minRowsPerSecond}), start of the process and reading included; the bar was drawn ${drawn.length} times, once as ` +
      `\`${drawn[Math.floor(drawn.length / 2)] ?? 'nothing'}\``,
  }
}

/** SQLite to PostgreSQL to SQLite; the tokens are tried by `proveCost`, on what comes out. */
const proveRoundTrip = async (file, postgres, large) => {
  const hashes = []
  const times = []
  const way = [`sqlite:${file('large.db')}`, postgres, `sqlite:${file('returned.db')}`]
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
  // From now on the one that has come all the way is used.
  for (const end of ['', '-wal', '-shm']) rmSync(`${file('large.db')}${end}`, { force: true })
  large.databaseUrl = way[2]
  const [out, toPostgres, outAgain, toSqlite, outLast] = times.map((seconds) => `${seconds.toFixed(0)} s`)
  return {
    passed: new Set(hashes).size === 1,
    text:
      `SQLite -> PostgreSQL -> SQLite: the SHA-256 of the three exports is ${[...new Set(hashes.map((h) => h.slice(0, 12)))].join(', ')}; ` +
      `export ${out}, import ${toPostgres}, export ${outAgain}, import ${toSqlite}, export ${outLast}`,
  }
}

const sha256Of = async (path) => {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

const proveCost = async (folder, largeFile, large, size) => {
  const small = await fillDatabase(folder, `sqlite:${join(folder, 'small.db')}`, few)
  const sizes = [
    { ...small, name: `${few} accounts`, databaseUrl: `sqlite:${join(folder, 'small.db')}` },
    { ...large, name: `${many[size]} accounts, moved` },
  ]
  const { password } = small
  if (password !== large.password) throw new Error('One password is used for all')
  const measured = await measureStores(sizes, { rounds: rounds[size], requests, password })
  const broken = await costWithoutIndex(sizes, password)
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

/** Refresh tokens have moved on by now, so that other sessions are used. */
const costWithoutIndex = async ([small, large], password) => {
  const database = new Libsql(large.databaseUrl.slice('sqlite:'.length))
  database.exec('drop index sessions_by_expiry')
  database.close()
  const others = ({ sessions, ...rest }) => ({ ...rest, sessions: sessions.slice(-20) })
  const few = { logIn: 20, refresh: 0, protected: 0 }
  const measured = await measureStores([others(small), others(large)], { rounds: 3, requests: few, password })
  return ratioOf(measured[1]['log in'], measured[0]['log in'])
}
