// Creates databases for a measurement, and fills them by `sesame import`.
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import Libsql from 'libsql'
import { findPostgres, remedy } from '../../test/support/postgres.mjs'
import { emptyFolder } from '../../test/support/process.ts'
import { fillDatabase } from '../../test/proof/moving/fill.ts'
import { ask, openCluster } from '../../test/proof/postgres/cluster.ts'

/** Opens a temporary folder for SQLite files, and a private PostgreSQL if it is installed.
 * @returns `fillSqlite(count)` and `fillPostgres(count)`, which create a database of that many accounts with one
 * session each, and `close`. `fillPostgres` is undefined without PostgreSQL */
export const openDatabases = async (bench) => {
  const folder = emptyFolder()
  const cluster = findPostgres() ? await openCluster() : undefined
  if (cluster) bench.noteVersion('postgresql', (await ask(cluster.url, 'show server_version'))[0].server_version)
  else bench.leaveOut('PostgreSQL', remedy)

  const fill = async (databaseUrl, count) => {
    const { sessions, password } = await fillDatabase(folder, databaseUrl, count)
    return { databaseUrl, sessions, password, count }
  }
  return {
    fillSqlite: (count) => fill(`sqlite:${join(mkdtempSync(join(folder, 'sqlite-')), 'bench.db')}`, count),
    fillPostgres: cluster && (async (count) => fill((await cluster.newSettings()).DATABASE_URL, count)),
    close: () => cluster?.stop(),
  }
}

/** The size of each table with its indexes, in bytes. */
export const tableBytes = async (databaseUrl) =>
  databaseUrl.startsWith('sqlite:') ? sqliteBytes(databaseUrl.slice('sqlite:'.length)) : postgresBytes(databaseUrl)

const sqliteBytes = (file) => {
  const database = new Libsql(file)
  const rows = database
    .prepare(
      `select tbl_name as name, sum(pgsize) as bytes from dbstat join sqlite_schema using (name) group by tbl_name`,
    )
    .all()
  database.close()
  return bytesByName(rows)
}

const postgresBytes = async (url) =>
  bytesByName(
    await ask(
      url,
      `select relname as name, cast(pg_total_relation_size(oid) as float) as bytes from pg_class where relkind = 'r'`,
    ),
  )

const bytesByName = (rows) => Object.fromEntries(rows.map(({ name, bytes }) => [name, bytes]))
