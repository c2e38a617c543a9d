import { databaseProblem, type Print, readSettings, withDatabase } from './database.ts'

export const migrateUsage = `Usage: npm run sesame -- migrate up|status

  up      brings the schema of the database up to date; what is current stays as it is
  status  says what was applied, and what is pending

The database is that of DATABASE_URL, in the environment or in .env. The exit status is 0 when the schema is current, 1
when it is not or the database cannot be used, 2 when the command line or a setting is wrong.`

/** Runs `sesame migrate`.
 * @returns the exit status */
export const runMigrate = async (
  words: readonly string[],
  { DATABASE_URL }: Readonly<Record<string, string | undefined>>,
  print: Print,
): Promise<number> => {
  const [verb, ...more] = words
  if (verb === '--help' || verb === '-h') {
    print(migrateUsage)
    return 0
  }
  if ((verb !== 'up' && verb !== 'status') || more.length > 0) {
    print(`error: say migrate up or migrate status.\n\n${migrateUsage}`)
    return 2
  }
  const config = readSettings({ DATABASE_URL }, print)
  if (!config) return 2
  const problem = databaseProblem(config.databaseUrl, verb === 'up')
  if (problem !== undefined) {
    print(`error: ${problem}`)
    return 2
  }
  const status = await withDatabase(config, print, async (database, { migrate, readSchemaState }) => {
    if (verb === 'up') {
      const applied = await migrate(database)
      for (const name of applied) print(`applied  ${name}`)
      if (applied.length === 0) print('The schema is current.')
      return 0
    }
    const { applied, pending } = await readSchemaState(database)
    for (const name of applied) print(`applied  ${name}`)
    for (const name of pending) print(`pending  ${name}`)
    return pending.length === 0 ? 0 : 1
  })
  return status ?? 1
}
