import { type Config, type Loaded, loadConfig } from '../config.ts'
import { CommandError } from './command-error.ts'

/** Reads only the settings that a command uses. Production would require others.
 * @throws CommandError if one of them is wrong */
export const readConfig = (
  environment: Readonly<Record<string, string | undefined>>,
  ...names: readonly string[]
): Config => configOf(loadConfig(Object.fromEntries(names.map((name) => [name, environment[name]]))))

/** @throws CommandError with all problems of the settings */
export const configOf = (loaded: Loaded): Config => {
  if ('config' in loaded) return loaded.config
  throw new CommandError(loaded.problems, 2)
}
