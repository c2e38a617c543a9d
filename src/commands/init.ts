import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { loadConfig } from '../config.ts'
import { sesame } from '../package.ts'
import { isSqlite } from '../stores/stores.ts'
import { CommandError } from './command-error.ts'
import type { CommandContext } from './command.ts'
import { createFile } from './new-file.ts'

interface Choices {
  readonly 'database-url': string
  readonly issuer?: string | undefined
  readonly development?: boolean | undefined
}

/** Runs `sesame init`: writes a `.env` with a new SECRET_KEY into the current folder. */
export const initialise = async (choices: Choices, { stdout }: Pick<CommandContext, 'stdout'>): Promise<number> => {
  const settings = settingsOf(choices)
  const loaded = loadConfig(settings)
  if ('problems' in loaded) throw new CommandError(loaded.problems, 2)
  const text = dotEnvOf(settings)
  try {
    await createFile('.env', async (partial) => writeFileSync(partial, text))
  } catch (error) {
    throw new CommandError(`${(error as Error).message}.`)
  }
  stdout.write(`.env holds a new SECRET_KEY. Keep the file secret, and keep a copy of it.\n${nextSteps(settings)}`)
  return 0
}

type DotEnv = Readonly<Record<string, string>>

const settingsOf = ({ 'database-url': databaseUrl, issuer, development = false }: Choices): DotEnv => ({
  NODE_ENV: development ? 'development' : 'production',
  SECRET_KEY: randomBytes(32).toString('hex'),
  DATABASE_URL: databaseUrl,
  // Several servers may share a PostgreSQL, so somebody has to decide when its schema changes.
  ...(isSqlite(databaseUrl) && { MIGRATE_ON_START: 'true' }),
  ...(issuer !== undefined && { ISSUER: issuer }),
})

const dotEnvOf = (settings: DotEnv): string => {
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`)
  const text = `# Written by \`${sesame} init\`. docs/settings.md describes every setting.\n${lines.join('')}`
  const read = parseEnv(text)
  const changed = Object.keys(settings).find((name) => read[name] !== settings[name])
  if (changed !== undefined)
    throw new CommandError(`.env cannot hold this ${changed}: percent-encode its special characters.`, 2)
  return text
}

const nextSteps = ({ DATABASE_URL, MIGRATE_ON_START }: DotEnv): string => {
  const migrate = DATABASE_URL === 'memory:' || MIGRATE_ON_START ? '' : `Create the schema: ${sesame} migrate up\n`
  return `${migrate}Start the server: ${sesame} serve\n`
}
