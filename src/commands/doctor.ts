import type { Config } from '../config.ts'
import type { Finding } from '../stores/sql/examination.ts'
import { fileOf, isSqlite } from '../stores/stores.ts'
import type { CommandContext } from './command.ts'
import { withDatabase } from './database.ts'
import { readConfig } from './read-config.ts'

/** Runs `sesame doctor`. Resolves to 1 if a check fails. */
export const examineDatabase = async ({
  environment,
  stdout,
}: Pick<CommandContext, 'environment' | 'stdout'>): Promise<number> => {
  const findings = await examine(readConfig(environment, 'DATABASE_URL', 'DATABASE_POOL_SIZE', 'WORKERS'))
  for (const { state, subject, text } of findings) stdout.write(`${state.padEnd(4)}  ${subject.padEnd(11)}  ${text}\n`)
  return findings.some(({ state }) => state === 'fail') ? 1 : 0
}

const examine = async (config: Config): Promise<readonly Finding[]> => {
  const { databaseUrl } = config
  if (databaseUrl === 'memory:')
    return [
      { state: 'ok', subject: 'memory', text: 'nothing to check, because the data is lost when the server stops' },
    ]
  if (isSqlite(databaseUrl)) {
    const { examineSqlite } = await import('../stores/sql/sqlite-examination.ts')
    return examineSqlite(fileOf(databaseUrl))
  }
  const { examinePostgres } = await import('../stores/sql/postgres-examination.ts')
  return withDatabase(config, (database) => examinePostgres(database, config))
}
