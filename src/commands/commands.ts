import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import type { OutputStream } from './export.ts'
import type { TerminalStream } from './progress.ts'
import { isWorker, type Surroundings } from './surroundings.ts'

/** What a command may use of the process. */
export interface CommandProcess extends Pick<Surroundings, 'environment' | 'onServing'> {
  /** Opened when it is asked for. */
  readonly stdin: () => AsyncIterable<Uint8Array>
  readonly stdout: TerminalStream & OutputStream & { readonly fd: number }
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
    const isServing = await serve({
      environment: withDotEnv(environment),
      stdout: { fd: stdout.fd, isTTY: stdout.isTTY ?? false },
      print: linesTo(stderr),
      onServing,
    })
    return isServing ? 0 : 1
  },
  migrate: async (words, { environment, stdout }) => {
    const { runMigrate } = await import('./migrate.ts')
    return runMigrate(words, withDotEnv(environment), linesTo(stdout))
  },
  doctor: async (words, { environment, stdout }) => {
    const { runDoctor } = await import('./doctor.ts')
    return runDoctor(words, withDotEnv(environment), linesTo(stdout))
  },
  backup: async (words, { environment, stdout }) => {
    const { runBackup } = await import('./backup.ts')
    return runBackup(words, withDotEnv(environment), linesTo(stdout))
  },
  export: async (words, { environment, stdout, stderr }) => {
    const { runExport } = await import('./export.ts')
    return runExport(words, { environment: withDotEnv(environment), stdout, stderr })
  },
  import: async (words, { environment, stdin, stdout, stderr }) => {
    const { runImport } = await import('./import.ts')
    return runImport(words, { environment: withDotEnv(environment), stdin, stdout, stderr })
  },
  verify: async (words, { stdout, stderr }) => {
    const { runVerify } = await import('./verify.ts')
    return runVerify(words, { print: linesTo(stdout), stderr })
  },
}

const linesTo =
  (stream: TerminalStream) =>
  (line: string): unknown =>
    stream.write(`${line}\n`)

/** The environment, which goes first, and what `.env` adds. A worker has got what the primary has read. */
const withDotEnv = (environment: CommandProcess['environment']): CommandProcess['environment'] => ({
  ...(!isWorker(environment) && existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {}),
  ...environment,
})

const usage = `Usage: npm run sesame -- COMMAND

  serve              serves (npm start does so, too)
  migrate up|status  brings the schema of the database up to date, or says what it is
  doctor             checks the database
  backup FILE        copies a SQLite database, while it is in use, too
  export [FILE]      writes all accounts and sessions; --help says more
  import [FILE]      adds accounts and sessions, from here or from elsewhere; --help says more
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
