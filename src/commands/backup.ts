import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileOf, isSqlite } from '../stores/stores.ts'
import { inUnits } from '../wording.ts'
import { CommandError } from './command-error.ts'
import type { CommandContext } from './command.ts'
import { readDatabaseConfig } from './database.ts'
import { createFile } from './new-file.ts'

/** Runs `sesame backup`. */
export const backUpDatabase = async (
  target: string,
  { environment, stdout }: Pick<CommandContext, 'environment' | 'stdout'>,
): Promise<number> => {
  const { databaseUrl } = readDatabaseConfig(environment)
  if (!isSqlite(databaseUrl))
    throw new CommandError(
      'backup copies SQLite files only. For PostgreSQL use pg_dump --format=custom --file=FILE, and pg_restore.',
      2,
    )
  const { copySqlite } = await import('../stores/sql/sqlite-backup.ts')
  try {
    await createFile(resolve(target), (partial) => copySqlite(resolve(fileOf(databaseUrl)), partial))
  } catch (error) {
    throw new CommandError(`The backup failed: ${(error as Error).message}.`)
  }
  stdout.write(`${target} holds the database, ${inUnits(statSync(target).size)}.\n`)
  return 0
}
