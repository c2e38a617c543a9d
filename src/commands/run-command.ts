import { closestMatch } from 'leven'
import { readVersion, sesame } from '../package.ts'
import { CommandError } from './command-error.ts'
import type { Command, CommandContext, Outcome } from './command.ts'
import { commands } from './commands.ts'
import { readDotEnv } from './dot-env.ts'
import { isWorker } from './worker-environment.ts'

/** The input of `runCommand`. */
interface ProgramContext extends CommandContext {
  /** A file with more variables. Those of the environment take precedence. */
  readonly dotEnvFile?: string
}

/** Runs the command that the first argument names, by default `serve`. Prints every CommandError. */
export const runCommand = async (args: readonly string[], context: ProgramContext): Promise<Outcome> => {
  try {
    return await run(args, context)
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    for (const problem of error.problems) context.stderr.write(`error: ${problem}\n`)
    return error.exitCode
  }
}

const run = async (args: readonly string[], context: ProgramContext): Promise<Outcome> => {
  const [first = ''] = args
  const show = (text: string): number => {
    context.stdout.write(text)
    return 0
  }
  if (/^(-h|--help|help)$/.test(first)) return show(overview())
  if (/^(-v|--version)$/.test(first)) return show(`${readVersion()}\n`)
  const [name, ...rest] = first === '' || first.startsWith('-') ? ['serve', ...args] : [first, ...args.slice(1)]
  return find(name).run(rest, { ...context, environment: withDotEnv(context) })
}

const find = (name: string): Command => {
  const command = commands.get(name)
  if (command) return command
  const closest = closestMatch(name, [...commands.keys()], { maxDistance: 2 })
  const hint = closest === undefined ? '' : ` Did you mean "${closest}"?`
  throw new CommandError(`unknown command "${name}".${hint}\n\nRun \`${sesame} --help\` for the list of commands.`, 2)
}

const withDotEnv = ({ environment, dotEnvFile }: ProgramContext): CommandContext['environment'] =>
  // A worker gets all variables from its supervisor.
  dotEnvFile === undefined || isWorker(environment) ? environment : { ...readDotEnv(dotEnvFile), ...environment }

const overview = (): string => {
  const rows = [...commands.values()].map(({ usage, summary }) => [usage, summary] as const)
  const width = Math.max(...rows.map(([usage]) => usage.length))
  return `Sesame ${readVersion()}

Usage: ${sesame} COMMAND

${rows.map(([usage, summary]) => `  ${usage.padEnd(width)}  ${summary}`).join('\n')}

Run \`${sesame} COMMAND --help\` to learn more about a command, or \`${sesame} --version\` to see the version.
The exit status is 0 after success, 1 after a failure, and 2 if the command line or a setting is wrong.
`
}
