import type { Config } from '../config.ts'
import type { Finding } from '../stores/sql/examination.ts'
import { fileOf, isSqlite } from '../stores/stores.ts'
import { type Print, readSettings, withDatabase } from './database.ts'

const doctorUsage = `Usage: npm run sesame -- doctor

Checks the database of DATABASE_URL, in the environment or in .env, without a change to what it holds, while it is served or
not. What a crash has left in the log of a SQLite file is copied into the file: copy all of them first, where that matters.

The exit status is 0 when nothing has failed, 1 when something has, 2 when the command line is wrong.`

/** Runs `sesame doctor`.
 * @returns the exit status */
export const runDoctor = async (
  words: readonly string[],
  { DATABASE_URL, DATABASE_POOL_SIZE, WORKERS }: Readonly<Record<string, string | undefined>>,
  print: Print,
): Promise<number> => {
  if (words[0] === '--help' || words[0] === '-h') {
    print(doctorUsage)
    return 0
  }
  if (words.length > 0) {
    print(`error: doctor takes no words.\n\n${doctorUsage}`)
    return 2
  }
  const config = readSettings({ DATABASE_URL, DATABASE_POOL_SIZE, WORKERS }, print)
  if (!config) return 2
  const findings = await examine(config, print)
  for (const { state, subject, text } of findings ?? []) print(`${state.padEnd(4)}  ${subject.padEnd(11)}  ${text}`)
  return !findings || findings.some(({ state }) => state === 'fail') ? 1 : 0
}

/** Undefined when the database cannot be reached, which is then printed. */
const examine = async (config: Config, print: Print): Promise<readonly Finding[] | undefined> => {
  const { databaseUrl } = config
  if (databaseUrl === 'memory:')
    return [{ state: 'ok', subject: 'memory', text: 'nothing to check, all is gone at a stop' }]
  if (isSqlite(databaseUrl)) {
    const { examineSqlite } = await import('../stores/sql/sqlite-examination.ts')
    return examineSqlite(fileOf(databaseUrl))
  }
  const { examinePostgres } = await import('../stores/sql/postgres-examination.ts')
  return withDatabase(config, print, (database) => examinePostgres(database, config))
}
