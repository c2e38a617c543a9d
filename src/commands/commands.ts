import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import type { TerminalStream } from './progress.ts'
import type { Surroundings } from './serve.ts'

/** What a command may use of the process. */
export interface CommandProcess extends Pick<Surroundings, 'environment' | 'onServing'> {
  readonly stdout: TerminalStream & { readonly fd: number }
  readonly stderr: TerminalStream
}

/** Runs with the words after its name, and resolves to the exit status. */
type Command = (words: readonly string[], process: CommandProcess) => Promise<number>

// Imported when they run: none has to wait for the packages of another.
const commands: Readonly<Record<string, Command>> = {
  serve: async (words, { environment, stdout, stderr, onServing }) => {
    if (words.length > 0) {
      stderr.write(`error: serve takes no words: settings come from the environment and .env (see .env.example).\n`)
      return 2
    }
    const { serve } = await import('./serve.ts')
    const dotEnv = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {}
    const isServing = await serve({
      environment: { ...dotEnv, ...environment },
      stdout: { fd: stdout.fd, isTTY: stdout.isTTY ?? false },
      print: (line) => stderr.write(`${line}\n`),
      onServing,
    })
    return isServing ? 0 : 1
  },
  verify: async (words, { stdout, stderr }) => {
    const { runVerify } = await import('./verify.ts')
    return runVerify(words, { print: (line) => stdout.write(`${line}\n`), stderr })
  },
}

const usage = `Usage: npm run sesame -- COMMAND

  serve              serves (npm start does so, too)
  verify BASE_URL    runs the contract against a server; verify --help says more
`

/** Runs the command that the first word names; without a word, it serves.
 * @returns the exit status: 2 when there is no such command */
export const runCommand = async (words: readonly string[], process: CommandProcess): Promise<number> => {
  const [name = 'serve', ...rest] = words
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command) return command(rest, process)
  if (/^(-h|--help|help)$/.test(name)) {
    process.stdout.write(usage)
    return 0
  }
  process.stderr.write(`error: ${name} is no command.\n\n${usage}`)
  return 2
}
