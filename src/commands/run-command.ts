import { closestMatch } from 'leven'
import { readVersion, sesame } from '../package.ts'
import { CommandError } from './command-error.ts'
import type { Command, CommandContext, Outcome } from './command.ts'
import { commands } from './commands.ts'
import { readDotEnv } from './dot-env.ts'
import { isWorker } from './worker-environment.ts'

/** Runs the command that the first word names. Without a word, it serves. All errors of commands are printed here. */
export const runCommand = async (words: readonly string[], context: CommandContext): Promise<Outcome> => {
  try {
    return await run(words, context)
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    for (const problem of error.problems) context.stderr.write(`error: ${problem}\n`)
    return error.exitCode
  }
}

const run = async (words: readonly string[], context: CommandContext): Promise<Outcome> => {
  const [first = ''] = words
  const show = (text: string): number => {
    context.stdout.write(text)
    return 0
  }
  if (/^(-h|--help|help)$/.test(first)) return show(overview())
  if (/^(-v|--version)$/.test(first)) return show(`${readVersion()}\n`)
  const [name, ...rest] = first === '' || first.startsWith('-') ? ['serve', ...words] : [first, ...words.slice(1)]
  return find(name).run(rest, { ...context, environment: withDotEnv(context.environment) })
}

const find = (name: string): Command => {
  const command = commands.get(name)
  if (command) return command
  const closest = closestMatch(name, [...commands.keys()], { maxDistance: 2 })
  const hint = closest === undefined ? '' : ` Did you mean "${closest}"?`
  throw new CommandError(`unknown command "${name}".${hint}\n\nRun \`${sesame} --help\` for the list of commands.`, 2)
}

/** The environment takes precedence over `.env`. A worker gets both from its supervisor. */
const withDotEnv = (environment: CommandContext['environment']): CommandContext['environment'] =>
  isWorker(environment) ? environment : { ...readDotEnv(), ...environment }

const overview = (): string => {
  const rows = [...commands.values()].map(({ usage, summary }) => [usage, summary] as const)
  const width = Math.max(...rows.map(([usage]) => usage.length))
  return `Sesame ${readVersion()}

Usage: ${sesame} COMMAND

${rows.map(([usage, summary]) => `  ${usage.padEnd(width)}  ${summary}`).join('\n')}

Run \`${sesame} COMMAND --help\` to learn more about a command, \`${sesame} --version\` for the version.
The exit status is 0 after success, 1 after a failure, and 2 when the command line or a setting is wrong.
`
}
