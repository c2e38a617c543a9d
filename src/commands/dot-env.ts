import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { CommandError } from './command-error.ts'

/** Reads the variables in a file such as `.env`. A file that does not exist has none.
 * @throws CommandError if the file cannot be read */
export const readDotEnv = (file: string): Readonly<Record<string, string | undefined>> => {
  try {
    return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}
  } catch (error) {
    throw new CommandError(`${file} cannot be read: ${(error as Error).message}`, 2)
  }
}
