import { parseArgs } from 'node:util'
import { sesame } from '../package.ts'
import { CommandError } from './command-error.ts'
import type { TerminalStream } from './progress.ts'
import type { Running } from './running.ts'

/** The parts of the process that a command may use. */
export interface CommandContext {
  /** The variables of the process and of `.env`. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Opens the standard input. */
  readonly stdin: () => AsyncIterable<Uint8Array> & { readonly isTTY?: boolean }
  readonly stdout: TerminalStream & { readonly fd: number }
  readonly stderr: TerminalStream
}

/** The parts of the process that a server uses. */
export type ServeContext = Pick<CommandContext, 'environment' | 'stdout' | 'stderr'>

/** The exit status, or a server that keeps the process alive. */
export type Outcome = number | Running

interface Option {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  readonly default?: string
  /** The name of the value in the help text. */
  readonly value?: string
  readonly meaning: string
}

type Options = Readonly<Record<string, Option>>
type ValuesOf<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>['values']
/** `FILE` is required, `[FILE]` is optional. */
type ArgumentOf<A> = A extends `[${string}]` ? string | undefined : A extends string ? string : undefined

interface Definition<A extends string | undefined, O extends Options> {
  readonly argument?: A
  /** One line for the list of commands. */
  readonly summary: string
  readonly description: string
  readonly options: O
  readonly run: (input: { argument: ArgumentOf<A>; options: ValuesOf<O> }, context: CommandContext) => Promise<Outcome>
}

export interface Command {
  readonly name: string
  readonly summary: string
  /** The text after `Usage:`, without the name of the program. */
  readonly usage: string
  readonly help: string
  /** @throws CommandError if the command line is wrong, or the command fails */
  readonly run: (args: readonly string[], context: CommandContext) => Promise<Outcome>
}

const helpOption = { help: { type: 'boolean', short: 'h', meaning: 'show this help' } } as const

/** Creates a command, which takes at most one argument. */
export const defineCommand = <const A extends string | undefined, const O extends Options>(
  name: string,
  { argument, summary, description, options, run }: Definition<A, O>,
): Command => {
  const all = { ...options, ...helpOption }
  const usage = [name, argument, Object.keys(options).length > 0 ? '[options]' : undefined].filter(Boolean).join(' ')
  const help = `Usage: ${sesame} ${usage}\n\n${description}\n\n${optionLines(all)}\n`

  const refuse = (problem: string): never => {
    throw new CommandError(
      `${problem}\n\nUsage: ${sesame} ${usage}\nRun \`${sesame} ${name} --help\` to learn more.`,
      2,
    )
  }
  const parse = (args: readonly string[]) => {
    try {
      return parseArgs({ args, options: all, allowPositionals: true })
    } catch (error) {
      return refuse((error as Error).message)
    }
  }
  return {
    name,
    summary,
    usage,
    help,
    run: async (args, context) => {
      const { values, positionals } = parse(args)
      if ((values as { help?: boolean }).help) {
        context.stdout.write(help)
        return 0
      }
      const [given, unexpected] = positionals
      if (given !== undefined && argument === undefined) refuse(`${name} takes no arguments`)
      if (unexpected !== undefined) refuse(`unexpected argument "${unexpected}"`)
      if (given === undefined && argument !== undefined && !argument.startsWith('['))
        refuse(`${name} requires ${argument}`)
      return run({ argument: given as ArgumentOf<A>, options: values as ValuesOf<O> }, context)
    },
  }
}

const optionLines = (options: Options): string => {
  const rows = Object.entries(options).map(([name, { short, value, meaning }]) => {
    const names = `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`
    return [names, meaning] as const
  })
  const width = Math.max(...rows.map(([names]) => names.length))
  return ['Options:', ...rows.map(([names, meaning]) => `  ${names.padEnd(width)}  ${meaning}`)].join('\n')
}
