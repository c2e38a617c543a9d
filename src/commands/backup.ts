import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileOf, isSqlite } from '../stores/stores.ts'
import { type Print, readSettings } from './database.ts'
import { makeFile } from './new-file.ts'

const backupUsage = `Usage: npm run sesame -- backup FILE

Copies the SQLite database of DATABASE_URL, in the environment or in .env, into a new file, while it is served or not. The
copy holds whatever was acknowledged before the command was started. The exit status is 0 when it was made, 1 when it was
not, 2 when the command line is wrong.`

/** Runs `sesame backup`.
 * @returns the exit status */
export const runBackup = async (
  words: readonly string[],
  { DATABASE_URL }: Readonly<Record<string, string | undefined>>,
  print: Print,
): Promise<number> => {
  const [target, ...more] = words
  if (target === '--help' || target === '-h') {
    print(backupUsage)
    return 0
  }
  if (target === undefined || target.startsWith('-') || more.length > 0) {
    print(`error: say into which file.\n\n${backupUsage}`)
    return 2
  }
  const config = readSettings({ DATABASE_URL }, print)
  if (!config) return 2
  const { databaseUrl } = config
  if (!isSqlite(databaseUrl)) {
    print(`error: ${databaseUrl === 'memory:' ? 'What is in memory cannot be copied.' : otherMeans}`)
    return 1
  }
  return backUp(fileOf(databaseUrl), target, print)
}

const otherMeans =
  'PostgreSQL has means of its own: pg_dump --format=custom --file=FILE with the URL of the database, and pg_restore.'

const backUp = async (file: string, target: string, print: Print): Promise<number> => {
  const { copySqlite } = await import('../stores/sql/sqlite-backup.ts')
  try {
    await makeFile(resolve(target), (partial) => copySqlite(resolve(file), partial))
    print(`${target} holds the database, ${Math.ceil(statSync(target).size / 1024)} KiB.`)
    return 0
  } catch (error) {
    print(`error: There is no backup: ${(error as Error).message}.`)
    return 1
  }
}
