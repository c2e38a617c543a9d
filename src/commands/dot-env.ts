import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { CommandError } from './command-error.ts'

/** The variables in a file such as `.env`; none when the file does not exist.
 * @throws CommandError when it cannot be read */
export const readDotEnv = (file: string): Readonly<Record<string, string | undefined>> => {
  try {
    return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}
  } catch (error) {
    throw new CommandError(`${file} cannot be read: ${(error as Error).message}`, 2)
  }
}
