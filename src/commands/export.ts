import { createWriteStream } from 'node:fs'
import { resolve } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { exportStores } from '../moving/export.ts'
import { reasonOf } from './database.ts'
import { withCurrentDatabase } from './moving-database.ts'
import { makeFile } from './new-file.ts'
import { createProgress, type TerminalStream } from './progress.ts'

export const exportUsage = `Usage: npm run sesame -- export [FILE]

Writes all accounts, the ids of the deleted ones, and all sessions of DATABASE_URL, as they are at one moment, one JSON object
a line; the service may run meanwhile. Without FILE, it goes to the standard output, on which npm has something to say, too,
unless it is asked not to: npm run --silent sesame -- export

The file holds the password hashes, and of each session what its tokens are made with, besides SECRET_KEY: keep it like the
database itself. FILE must not be there yet, and only its owner may read it.

The exit status is 0 when all was written, 1 when it was not, 2 when the command line or a setting is wrong.`

/** Where output goes, when it has to be waited for. */
export interface OutputStream {
  readonly write: (text: string, onWritten?: (error?: Error | null) => void) => unknown
}

interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly stdout: OutputStream
  readonly stderr: TerminalStream
}

/** Runs `sesame export`.
 * @returns the exit status */
export const runExport = async (
  words: readonly string[],
  { environment, stdout, stderr }: Surroundings,
): Promise<number> => {
  const command = readCommand(words)
  if ('help' in command) {
    stdout.write(`${exportUsage}\n`)
    return 0
  }
  const print = (line: string): unknown => stderr.write(`${line}\n`)
  if ('problem' in command) {
    print(`error: ${command.problem}\n\n${exportUsage}`)
    return 2
  }
  const progress = createProgress(stderr)
  return withCurrentDatabase(environment, print, async (database) => {
    const exportTo = (stream: Writable): Promise<number> =>
      exportStores(
        database,
        (blocks) => pipeline(Readable.from(blocks), stream),
        (done, total) => progress.show(done, total, 'accounts and sessions'),
      )
    try {
      const count = await toOutput(command.file, stdout, exportTo)
      progress.clear()
      print(`Exported ${count} accounts and sessions.`)
      return 0
    } catch (error) {
      progress.clear()
      print(`error: The export was not finished: ${reasonOf(error)}.`)
      return 1
    }
  })
}

type Command = { readonly file: string | undefined } | { readonly help: true } | { readonly problem: string }

const readCommand = (words: readonly string[]): Command => {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' } },
    })
    if (values.help) return { help: true }
    const [file, ...more] = positionals
    return more.length > 0 ? { problem: 'Give one file.' } : { file }
  } catch (error) {
    return { problem: (error as Error).message }
  }
}

const toOutput = async (
  file: string | undefined,
  stdout: OutputStream,
  exportTo: (stream: Writable) => Promise<number>,
): Promise<number> => {
  if (file === undefined) {
    const write = (block: unknown, _encoding: unknown, done: (error?: Error | null) => void): void => {
      stdout.write(String(block), done)
    }
    return exportTo(new Writable({ write }))
  }
  return makeFile(resolve(file), (partial) => exportTo(createWriteStream(partial)))
}
