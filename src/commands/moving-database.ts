import { loadConfig } from '../config.ts'
import type { Database } from '../stores/sql/database.ts'
import { databaseProblem, withDatabase } from './database.ts'

type Print = (line: string) => unknown

/** Runs something on the database of the settings, if its schema is current.
 * @returns the exit status: that of the work, or 1 when the database cannot be used and 2 when the settings are wrong,
 * which is then printed */
export const withCurrentDatabase = async (
  { DATABASE_URL }: Readonly<Record<string, string | undefined>>,
  print: Print,
  work: (database: Database) => Promise<number>,
): Promise<number> => {
  // What is moved has nothing to do with the other settings, which production would ask for.
  const loaded = loadConfig({ DATABASE_URL })
  const problems = 'problems' in loaded ? loaded.problems : []
  for (const problem of problems) print(`error: ${problem}`)
  if ('problems' in loaded) return 2
  const problem = databaseProblem(loaded.config.databaseUrl)
  if (problem !== undefined) {
    print(`error: ${problem}`)
    return 2
  }
  const status = await withDatabase(loaded.config, print, async (database, { readSchemaState }) => {
    const { pending } = await readSchemaState(database)
    if (pending.length === 0) return work(database)
    print(`error: The database lacks ${pending.join(', ')}: run \`npm run sesame -- migrate up\`.`)
    return 1
  })
  return status ?? 1
}
