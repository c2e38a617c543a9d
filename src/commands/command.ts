import { parseArgs } from 'node:util'
import { sesame } from '../package.ts'
import { CommandError } from './command-error.ts'
import type { TerminalStream } from './progress.ts'
import type { Running } from './running.ts'

/** What a command may use of the process. */
export interface CommandContext {
  /** The variables of the process and of `.env`. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Opened when it is called. */
  readonly stdin: () => AsyncIterable<Uint8Array> & { readonly isTTY?: boolean }
  readonly stdout: TerminalStream & { readonly fd: number }
  readonly stderr: TerminalStream
}

/** What a server uses of it. */
export type ServeContext = Pick<CommandContext, 'environment' | 'stdout' | 'stderr'>

/** The status with which the process ends, or a server that keeps it alive. */
export type Outcome = number | Running

interface Option {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  readonly default?: string
  /** What a value is called in the help. */
  readonly value?: string
  readonly meaning: string
}

type Options = Readonly<Record<string, Option>>
type ValuesOf<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>['values']
/** `FILE` is required, `[FILE]` may be left out. */
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
  /** What stands behind `Usage:`, without the name of the program. */
  readonly usage: string
  readonly help: string
  /** @throws CommandError when the command line is wrong, or the command fails */
  readonly run: (words: readonly string[], context: CommandContext) => Promise<Outcome>
}

const helpOption = { help: { type: 'boolean', short: 'h', meaning: 'show this help' } } as const

/** Makes a command from its row of the table. Each one takes one argument at most. */
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
  const parse = (words: readonly string[]) => {
    try {
      return parseArgs({ args: words, options: all, allowPositionals: true })
    } catch (error) {
      return refuse((error as Error).message)
    }
  }
  return {
    name,
    summary,
    usage,
    help,
    run: async (words, context) => {
      const { values, positionals } = parse(words)
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
