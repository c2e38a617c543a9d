import type { Database } from '../stores/sql/database.ts'
import { databaseProblem, type Print, readSettings, withDatabase } from './database.ts'

/** Runs something on the database of the settings, if its schema is current.
 * @returns the exit status: that of the work, or 1 when the database cannot be used and 2 when the settings are wrong,
 * which is then printed */
export const withCurrentDatabase = async (
  { DATABASE_URL }: Readonly<Record<string, string | undefined>>,
  print: Print,
  work: (database: Database) => Promise<number>,
): Promise<number> => {
  const config = readSettings({ DATABASE_URL }, print)
  if (!config) return 2
  const problem = databaseProblem(config.databaseUrl)
  if (problem !== undefined) {
    print(`error: ${problem}`)
    return 2
  }
  const status = await withDatabase(config, print, async (database, { readSchemaState }) => {
    const { pending } = await readSchemaState(database)
    if (pending.length === 0) return work(database)
    print(`error: The database lacks ${pending.join(', ')}: run \`npm run sesame -- migrate up\`.`)
    return 1
  })
  return status ?? 1
}
