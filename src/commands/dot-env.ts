import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { CommandError } from './command-error.ts'

/** The variables of the file `.env` in the current folder; none when there is no such file.
 * @throws CommandError when it cannot be read */
export const readDotEnv = (): Readonly<Record<string, string | undefined>> => {
  try {
    return existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {}
  } catch (error) {
    throw new CommandError(`.env cannot be read: ${(error as Error).message}`, 2)
  }
}
