import { existsSync, realpathSync, statfsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Kysely } from 'kysely'
import Libsql from 'libsql'
import { sesame } from '../../package.ts'
import { inUnits } from '../../wording.ts'
import { fail, type Finding, findingOfSchema, ok, warn } from './examination.ts'
import { readSchemaState } from './migrate.ts'
import type { Schema } from './schema.ts'
import { createSqliteDialect } from './sqlite-dialect.ts'
import { claimFile } from './sqlite-file.ts'

const mib = 2 ** 20
const busyMilliseconds = 5_000
const largeLogBytes = 64 * mib
const littleSpaceBytes = 256 * mib
// One cause can lead to thousands of findings, so only the first ones are shown.
const maxShown = 5

/** Examines a database file and changes none of its content. A server may use it meanwhile. */
export const examineSqlite = async (path: string): Promise<readonly Finding[]> => {
  const given = resolve(path)
  if (!existsSync(given)) return [fail('file', `${given} does not exist: \`${sesame} migrate up\` creates it`)]
  if (statSync(given).isDirectory()) return [fail('file', `${given} is a folder`)]
  const file = realpathSync(given)
  const fileFindings = [examineFile(file), examineServer(file), examineLog(file), examineDisk(file)]
  let connection: Libsql.Database | undefined
  try {
    connection = new Libsql(file)
    connection.exec(`pragma busy_timeout = ${busyMilliseconds}`)
    connection.exec('pragma query_only = on')
    return [...fileFindings, ...examineContent(connection), await examineSchema(connection)]
  } catch (error) {
    return [...fileFindings, fail('content', `cannot be read: ${(error as Error).message}`)]
  } finally {
    connection?.close()
  }
}

const examineFile = (file: string): Finding => {
  const { size, mode } = statSync(file)
  const what = `${file}, ${inUnits(size)}`
  // Windows does not use these mode bits.
  if (process.platform === 'win32' || (mode & 0o077) === 0) return ok('file', what)
  return warn(
    'file',
    `${what}; other users can access it, and it contains password hashes: run chmod 600 (now ${octal(mode)})`,
  )
}

const examineServer = (file: string): Finding => {
  try {
    const release = existsSync(`${file}-server`) ? claimFile(file) : () => undefined
    release?.()
    return ok('server', release ? 'not running' : 'running')
  } catch (error) {
    return warn('server', `unknown: ${(error as Error).message}`)
  }
}

const examineLog = (file: string): Finding => {
  const log = `${file}-wal`
  const size = existsSync(log) ? statSync(log).size : 0
  if (size < largeLogBytes) return ok('log', inUnits(size))
  return warn('log', `${inUnits(size)}; a long read blocks checkpoints, or no server was shut down cleanly`)
}

const examineDisk = (file: string): Finding => {
  const { bavail, bsize } = statfsSync(dirname(file))
  const free = bavail * bsize
  const text = `${inUnits(free)} free; a backup needs up to ${inUnits(statSync(file).size)}`
  return free < littleSpaceBytes ? warn('disk', text) : ok('disk', text)
}

const examineContent = (connection: Libsql.Database): readonly Finding[] => {
  const valuesOf = (pragma: string): string[] =>
    (connection.pragma(pragma) as Readonly<Record<string, unknown>>[]).map((row) => Object.values(row).join(' '))
  const mode = valuesOf('journal_mode')[0] ?? ''
  // One row may hold several lines.
  const faults = valuesOf('integrity_check')
    .flatMap((text) => text.trim().split('\n'))
    .filter((line) => line !== 'ok')
  const orphans = valuesOf('foreign_key_check')
  return [
    mode === 'wal' ? ok('journal', 'WAL') : warn('journal', `${mode}; the next start of the server sets WAL`),
    faults.length === 0
      ? ok('integrity', 'integrity_check found no errors')
      : fail('integrity', `${faults.slice(0, maxShown).join('; ')}: restore a backup`),
    orphans.length === 0
      ? ok('references', 'foreign_key_check found no errors')
      : fail('references', `broken: ${orphans.slice(0, maxShown).join('; ')}`),
  ]
}

const examineSchema = async (connection: Libsql.Database): Promise<Finding> => {
  const db = new Kysely<Schema>({ dialect: createSqliteDialect(connection) })
  return findingOfSchema(await readSchemaState({ read: (work) => work(db) }))
}

const octal = (mode: number): string => (mode & 0o777).toString(8)
