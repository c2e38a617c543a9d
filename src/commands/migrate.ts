import { CommandError } from './command-error.ts'
import type { CommandContext } from './command.ts'
import { readDatabaseConfig, withDatabase } from './database.ts'

/** Runs `sesame migrate`. Resolves to 1 if migrations are pending. */
export const migrateDatabase = async (
  verb: string,
  { environment, stdout }: Pick<CommandContext, 'environment' | 'stdout'>,
): Promise<number> => {
  if (verb !== 'up' && verb !== 'status') throw new CommandError(`migrate takes up or status, not "${verb}"`, 2)
  const print = (line: string): unknown => stdout.write(`${line}\n`)
  const config = readDatabaseConfig(environment, verb === 'up')
  return withDatabase(config, async (database, { migrate, readSchemaState }) => {
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
}
